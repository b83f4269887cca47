/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data messages of a pair: runs, which carry its openness on, and bursts, which a report lists. */
#ifndef SKYPEFP_DATA_RUNS_H
#define SKYPEFP_DATA_RUNS_H

#include "pairs.h"

/* Counts a data message in its run and burst; and any other datagram of the pair, with a shape or without.
 * counts_others: the others that the sender's port sends are counted; otherwise they are many. */
void skypefp_pair_add_data(struct pair *pair, const skypefp_packet *packet, unsigned side, bool counts_others);
void skypefp_pair_add_other(struct pair *pair, int64_t time_us);

/* A keep-alive that was counted has a finding of its own. */
void skypefp_pair_note_finding(struct pair *pair, int64_t time_us);

/* The last run that began at or before a time; NULL: none. */
struct data_run *skypefp_pair_run_at(const struct pair *pair, int64_t time_us);

/* Whether a run is not Skype's: the ids of a side, or bits 4 to 6 of octet 2 of both, never change. They are random. */
bool skypefp_run_is_constant(const struct data_run *run);

/* Whether 90 % of the datagrams in the time of a run are data. */
bool skypefp_run_is_call(const struct data_run *run);

#endif
