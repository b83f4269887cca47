/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which share of a port's datagrams has one of Skype's shapes: a fixed table that costs nothing per port.
 *
 * Every datagram is counted, Skype's or not, so the memory is one array for the whole capture. A port that
 * falls into another's slot takes it over and starts anew; a count is never another port's. */
#ifndef SKYPEFP_SHARES_H
#define SKYPEFP_SHARES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { SHARE_SLOTS = 16384 };

struct share {
    uint32_t port_hash;         /* of the source address and port */
    uint16_t n_shaped;
    uint16_t n_all;             /* halved with n_shaped when full */
};

struct share_table {
    struct share *slots;        /* SHARE_SLOTS of them */
};

static inline struct share *share_slot(const struct share_table *table, uint32_t port_hash)
{
    return &table->slots[port_hash % SHARE_SLOTS];
}

/* Counts one datagram of a source port. */
static inline void share_count(struct share_table *table, uint32_t port_hash, bool shaped)
{
    struct share *share = share_slot(table, port_hash);

    if (share->port_hash != port_hash) {
        *share = (struct share){ .port_hash = port_hash };
    } else if (share->n_all == UINT16_MAX) {
        share->n_all /= 2;
        share->n_shaped /= 2;
    }
    share->n_all++;
    share->n_shaped = (uint16_t)(share->n_shaped + shaped);
}

/* Whether at least 90 % of the port's datagrams so far have a shape. */
static inline bool share_is_high(const struct share_table *table, uint32_t port_hash)
{
    const struct share *share = share_slot(table, port_hash);

    return share->port_hash == port_hash && 10u * share->n_shaped >= 9u * share->n_all;
}

#endif
