/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which share of a port's datagrams has one of Skype's shapes: a fixed table that costs nothing per port.
 *
 * Every datagram is counted, Skype's or not, so the memory is one array for the whole capture. A port that falls
 * into another's slot takes it over and starts again: a count is never another port's, but what came before it is
 * forgotten. So a slot that ports contend for says "high" only from ENOUGH_DATAGRAMS on, and every slot says "low" only
 * from as many on. The hash has no seed: the same capture gives the same shares. */
#ifndef SKYPEFP_SHARES_H
#define SKYPEFP_SHARES_H

#include "address.h"

enum { SHARE_SLOTS = 65536, ENOUGH_DATAGRAMS = 16 };

struct share {
    uint32_t port_hash; /* of the source address and port */
    uint16_t n_shaped;
    uint16_t n_all;    /* halved with n_shaped when full */
    bool is_contested; /* another port had the slot before */
    uint8_t notes;     /* SHARE_…; nearly always 0 */
};

enum {
    SHARE_HAS_PAIR = 1,  /* it sent a message that its pair is remembered by: what else it sends there counts, too */
    SHARE_IS_WATCHED = 2 /* signatures look at what it sends whatever the shape: it sent to or from one of their ports
                            first */
};

struct share_table {
    struct share *slots; /* SHARE_SLOTS of them; NULL: no datagram yet */
    struct hash_key hash_key;
};

static inline struct share *share_slot(const struct share_table *table, uint32_t port_hash)
{
    return &table->slots[port_hash % SHARE_SLOTS];
}

/* Makes room for the first datagram: most captures that are only TCP need none. */
static inline void shares_begin(struct share_table *table)
{
    if (G_UNLIKELY(table->slots == NULL)) {
        table->slots = g_new0(struct share, SHARE_SLOTS);
    }
}

/* Counts one datagram of a source port; the port's share. notes: those of a port that is new here. */
static inline struct share *share_count(struct share_table *table, uint32_t port_hash, bool shaped, uint8_t notes)
{
    struct share *share = share_slot(table, port_hash);

    if (G_UNLIKELY(share->port_hash != port_hash)) {
        bool is_contested = share->n_all > 0;
        *share = (struct share){ .port_hash = port_hash, .is_contested = is_contested, .notes = notes };
    }
    if (G_UNLIKELY(share->n_all == UINT16_MAX)) {
        share->n_all /= 2;
        share->n_shaped /= 2;
    }
    share->n_all++;
    share->n_shaped = (uint16_t)(share->n_shaped + shaped);
    return share;
}

/* Whether less than half of the port's datagrams so far have a shape. */
static inline bool share_is_below_half(const struct share *share)
{
    return 2u * share->n_shaped < share->n_all;
}

/* Notes that the port has a pair: what it sends without a shape counts there from now on, as long as at least half
 * of all has one. When less has, no run of data of it can be a call, and there is nothing to count. */
static inline void share_note_pair(struct share *share)
{
    share->notes |= SHARE_HAS_PAIR;
}

static inline bool share_counts_others(struct share *share)
{
    if (share_is_below_half(share)) {
        share->notes &= (uint8_t)~SHARE_HAS_PAIR;
    }
    return share->notes & SHARE_HAS_PAIR;
}

/* Whether at least 90 % of the port's datagrams so far have a shape. */
static inline bool share_is_high(const struct share *share)
{
    return 10u * share->n_shaped >= 9u * share->n_all && (!share->is_contested || share->n_all >= ENOUGH_DATAGRAMS);
}

/* Whether less than half of them have, of enough to say so. */
static inline bool share_is_low(const struct share *share)
{
    return share_is_below_half(share) && share->n_all >= ENOUGH_DATAGRAMS;
}

#endif
