/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints merged reports: the document skypefp-merge/1, and a table for people. */
#ifndef BATCH_MERGE_OUTPUT_H
#define BATCH_MERGE_OUTPUT_H

#include "merge_endpoint.h"
#include "output.h"

extern const struct output_format output_format_json;

/* records: of the captures, in order; keys: of the same captures; endpoints: struct merged_endpoint. */
void merge_print_json(FILE *file, GPtrArray *records, GPtrArray *keys, GPtrArray *endpoints, bool same_network);
void merge_print_table(FILE *file, GPtrArray *records, GPtrArray *endpoints);

#endif
