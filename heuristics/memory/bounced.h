/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP messages that come back as they went: an echo service (RFC 862) or a loop sends them, and they say nothing of
 * it.
 *
 * What counts is the first octets, which hold everything that the signatures compare. Invariant: the newest messages
 * are remembered, at least the limit and at most twice as many, whatever their number. */
#ifndef SKYPEFP_BOUNCED_H
#define SKYPEFP_BOUNCED_H

#include "endpoint.h"

struct bounced_table {
    GHashTable *newer, *older; /* digests of messages with their direction, as pointers */
    struct hash_key hash_key;
    uint32_t limit;
};

void skypefp_bounced_init(struct bounced_table *table, uint32_t limit, uint64_t seed);
void skypefp_bounced_clear(struct bounced_table *table);

/* Whether the same message went from dst to src before; otherwise this one is remembered. */
bool skypefp_bounced_take(struct bounced_table *table, const skypefp_packet *packet, const skypefp_endpoint *src,
                          const skypefp_endpoint *dst);

#endif
