/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables there are. */
#ifndef SKYPEFP_TABLES_H
#define SKYPEFP_TABLES_H

#include "table.h"

extern const struct table *const skypefp_tables[];
extern const unsigned skypefp_n_tables;

#endif
