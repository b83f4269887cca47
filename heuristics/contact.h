/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contacts: two endpoints that exchange datagrams of Skype's shapes, and when their path is open to inheritance.
 *
 * A message is checked when it agrees with what is known of its sender (enum skypefp_check). From 10 minutes before
 * to 10 minutes after each checked message of a proven sender the pair is open: then every message with one of
 * Skype's shapes is marked, in both directions, except a misfit of a port that is proven by its generator. A run of
 * data extends that: while gaps stay under a minute and 90 % of the pair's datagrams are data, the pair stays open
 * as long as it lasts. Outside, nothing is marked that is not evidence. */
#ifndef SKYPEFP_CONTACT_H
#define SKYPEFP_CONTACT_H

#include "skypefp.h"

enum { SKYPEFP_MIN_BURST = 10 }; /* data messages that a burst must have to be listed */

/* Data messages of more than 3 octets with gaps under 3 s, both directions together. [0]: from a to b. */
typedef struct skypefp_burst {
    int64_t begin_us, end_us;
    uint32_t first_frame, last_frame;
    uint32_t n[2];
    uint64_t octets[2];
    uint32_t n_video[2]; /* of 400 to 490 or 800 to 980 octets */
} skypefp_burst;

struct skypefp_contact {
    skypefp_address a, b;      /* a: who was seen to send first. Borrowed from the contact */
    int64_t first_us, last_us; /* of all messages below */
    uint32_t first_frame, last_frame;
    uint32_t n_datagrams[2];       /* with a shape of Skype's; [0]: from a to b */
    uint64_t n_octets[2];          /* of their payloads on the wire */
    uint32_t n_keepalives[2];      /* of exactly 3 octets */
    uint32_t n_data[2];            /* longer data messages */
    int64_t keepalive_interval_us; /* the usual one of a direction, its median bin; 0: fewer than two */
    int64_t longest_gap_us;        /* between successive keep-alives of one direction */
    const skypefp_burst *bursts;   /* with SKYPEFP_MIN_BURST messages and more, in the order of their begin */
    unsigned n_bursts;
};

/* What a burst is consistent with by published thresholds: "call", "call with video", "file transfer",
 * "relayed call", "messages"; never NULL. Never a claim: no capture of a call exists. *source names the publication. */
const char *skypefp_burst_consistent_with(const skypefp_burst *burst, const char **source);

/* The verdict that a contact inherits, the strongest of its open times; none: it never was open. */
enum skypefp_verdict skypefp_contact_verdict(const skypefp_contact *contact);

#endif
