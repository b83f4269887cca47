/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How tables for people look. */
#ifndef BATCH_STYLE_H
#define BATCH_STYLE_H

#include "verdict.h"

#include <stdbool.h>

struct style {
    bool has_color;
    bool shows_all; /* every finding, not the strongest few */
};

/* What the environment asks for on stdout: color on a terminal, unless NO_COLOR is set or TERM is "dumb". */
bool style_wants_color(void);

/* The escape sequences around a verdict; empty without color. */
const char *style_begin(struct style style, enum skypefp_verdict verdict);
const char *style_end(struct style style);

#endif
