/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a number is a few steps on from one of the last numbers of a generator, and how surprising that is.
 *
 * A window of 64 + 128 x seconds steps after each of the last positions is tried, the latest first. The chance that
 * a random number falls into what was tried up to the hit, misses since the last hit included, is the sum of the
 * windows / 2^32; the bits are what that leaves of 32. Several positions are kept, so that reordered datagrams,
 * several clients behind one address and restarts work. Source: 327 of 328 successive pairs of skype-irc.cap and
 * skype-2015.pcap. */
#ifndef SKYPEFP_STEPS_H
#define SKYPEFP_STEPS_H

#include "findings.h"

enum { MAX_POSITIONS = 8, MIN_STEPS_BITS = 8 };

/* The last positions of the generators that draw on one port, the latest first. Zeroed at first. Most ports of other
 * protocols show one, so there may be room for skypefp_steps_size() of it only: what follows is not touched. */
struct steps {
    unsigned n;
    uint64_t tried; /* sum of the windows tried since the last hit */
    struct {
        int64_t time_us;
        uint32_t position;
        struct finding_name name;
    } last[MAX_POSITIONS];
};

/* Octets that hold n positions and one more; n doubles, so that they are not moved for each. */
static inline size_t skypefp_steps_size(unsigned n)
{
    unsigned room = 1;

    while (room < MIN(n + 1, MAX_POSITIONS)) {
        room *= 2;
    }
    return offsetof(struct steps, last) + room * sizeof((struct steps *)NULL)->last[0];
}

struct step_match {
    uint8_t bits; /* 0: no match, or one of too little weight */
    bool fits;    /* it is in the window after one of the positions, or just before one, at most an hour away, whatever
                     that weighs */
    bool is_copy; /* the same number is among them */
    bool has_neighbour;          /* another number was seen at most an hour before */
    uint32_t steps;              /* with fits or bits */
    struct finding_name earlier; /* where the number was that it fits, or that it copies; otherwise the latest one */
};

/* Compares a number with the last ones and remembers it; there must be room for one more. A number that is among them
 * changes nothing and is not a match. */
struct step_match skypefp_steps_observe(struct steps *steps, uint32_t number, int64_t time_us,
                                        struct finding_name name);

/* The same comparison, but nothing is remembered: for numbers that another port drew. */
struct step_match skypefp_steps_compare(const struct steps *steps, uint32_t number, int64_t time_us);

#endif
