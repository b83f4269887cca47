/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a pair is open to inheritance, and by whom. */
#ifndef SKYPEFP_OPEN_SPANS_H
#define SKYPEFP_OPEN_SPANS_H

#include "data_runs.h"

/* A checked message of one side's tenancy at a time: opens the pair around it. */
void skypefp_pair_open(struct pair *pair, unsigned side, skypefp_endpoint *by, int64_t time_us);

/* What an inherited verdict comes from. */
struct opening {
    const skypefp_endpoint *by; /* the stronger of the proven tenancies that keep the pair open; NULL: closed */
    enum skypefp_verdict verdict;
};

/* Whether the pair is open at a time: by a span, or by a run of data that touches one. The verdict is its sender's
 * own. */
struct opening skypefp_pair_opening(const struct pair *pair, int64_t time_us);

/* The same for a data message: its whole run is open or closed, so that counts and marks agree. */
struct opening skypefp_pair_run_opening(const struct pair *pair, const struct data_run *run);
struct opening skypefp_pair_data_opening(const struct pair *pair, int64_t time_us);

#endif
