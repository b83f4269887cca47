/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The expert items of SkypeFP. They come from the table of rules: a new rule needs no line here. */
#ifndef SKYPEFP_EXPERTS_H
#define SKYPEFP_EXPERTS_H

#include "compat.h"

#include <epan/expert.h>

/* The expert item on what TLS's dissector takes for TLS. */
extern expert_field skypefp_not_tls;

/* Registers all of them for the protocol; once. */
void skypefp_experts_register(int proto);

/* The expert item of a rule, by its index for skypefp_rule_at(). */
expert_field *skypefp_expert(unsigned rule);

#endif
