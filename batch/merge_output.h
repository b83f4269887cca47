/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints merged reports: the document skypefp-merge/2, and a table for people. */
#ifndef BATCH_MERGE_OUTPUT_H
#define BATCH_MERGE_OUTPUT_H

#include "merge_conversation.h"
#include "merge_endpoint.h"
#include "merge_session.h"
#include "output.h"

extern const struct output_format output_format_json;

/* What is printed. */
struct merged {
    GPtrArray *records;    /* of the captures, in order */
    GPtrArray *keys;       /* of the same captures */
    GPtrArray *endpoints;  /* struct merged_endpoint */
    GArray *conversations; /* struct merged_conversation */
    GArray *sessions;      /* struct merged_session */
    bool same_network;
};

void merge_print_json(FILE *file, const struct merged *merged);
void merge_print_table(FILE *file, const struct merged *merged, struct style style);

#endif
