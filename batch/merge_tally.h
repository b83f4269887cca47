/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The evidence of one tenancy, by rule, over captures that may show the same traffic. */
#ifndef BATCH_MERGE_TALLY_H
#define BATCH_MERGE_TALLY_H

#include "merge_time.h"
#include "verdict.h"

/* What a row of a capture's report shows of one rule. */
struct showing {
    skypefp_tally tally;
    guint capture;
    guint number;     /* in the order of time */
    struct span span; /* of the row's evidence */
};

/* The evidence of one rule. */
struct merged_tally {
    skypefp_tally tally;
    guint capture; /* index of the first capture that has it */
    guint n_captures;
};

/* Adds up per rule, rising: struct merged_tally in a new array. The best hit of all captures counts, and the largest
 * sum over captures whose evidence does not overlap in time: two captures of one time may show the same packets, as a
 * copy that was cut shorter does. showings: struct showing, which are sorted. */
GArray *merge_tallies(GArray *showings);

#endif
