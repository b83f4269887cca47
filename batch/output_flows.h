/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table: a row for each marked or possible conversation, as CSV and as a Zeek log. */
#ifndef BATCH_OUTPUT_FLOWS_H
#define BATCH_OUTPUT_FLOWS_H

#include "output.h"

extern const struct output_format output_format_csv, output_format_zeek;

#endif
