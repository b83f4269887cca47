/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table for people. */
#ifndef BATCH_OUTPUT_TABLE_H
#define BATCH_OUTPUT_TABLE_H

#include "output.h"

extern const struct output_format output_format_table;

#endif
