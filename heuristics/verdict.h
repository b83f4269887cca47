/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the evidence of an endpoint to bits, and from bits to a verdict: arithmetic, no octets.
 *
 * The net sum starts at the prior of -13 bits. Within a correlation group the strongest rule counts, but for the
 * generator's, whose evidence adds up to 40; groups add up. Clocks and lengths of messages are not independent, because
 * both see only when something was sent, and how much: any protocol with rare, small messages and a timer shows both,
 * encrypted or not. So the lengths add to the clocks up to 22 bits, which is possible, and something else has to
 * confirm them: the host, or an octet. Own evidence is everything but endpoint.peer: a sum that
 * contains endpoint.peer is at most likely and is the base of nothing. */
#ifndef SKYPEFP_VERDICT_H
#define SKYPEFP_VERDICT_H

#include "skypefp.h"

/* Adds one hit to a tally. */
void skypefp_tally_add(skypefp_tally *tally, uint8_t bits);

/* Adds the hits of another tally of the same rule: the best of both counts, and the sum of both, held at
 * SKYPEFP_MAX_BITS. */
void skypefp_tally_join(skypefp_tally *tally, const skypefp_tally *other);

/* What each group gives by n tallies. */
void skypefp_group_bits(const skypefp_tally *tallies, unsigned n, int bits[SKYPEFP_N_GROUPS]);

/* The net sum of n tallies, prior included. */
int skypefp_net_bits(const skypefp_tally *tallies, unsigned n);

enum skypefp_verdict skypefp_verdict_of(int net_bits);

/* How long an owner of an address and port is believed to stay without evidence or a checked message, in
 * microseconds: an hour; a day if it listens on TCP. */
int64_t skypefp_tenancy_us(bool is_listening);

/* The verdict of an endpoint, association and host included. */
struct standing {
    enum skypefp_verdict verdict;
    int bits;            /* net sum */
    uint32_t proof;      /* frame that made it at least likely; 0: none */
    bool associated;     /* the sum contains endpoint.peer */
    bool on_proven_host; /* the sum contains host.proven */
};

/* Adds host.proven, shown by a frame, to the standing of a conversation that is less than likely by itself. It is
 * never certain by that: what needs it has fewer than 10 bits. */
void skypefp_raise_by_host(struct standing *standing, uint32_t frame);

/* Adds endpoint.peer, shown by a frame, to a standing by own evidence that is less than likely; others stay as they
 * are. */
void skypefp_associate(struct standing *standing, uint32_t frame);

#endif
