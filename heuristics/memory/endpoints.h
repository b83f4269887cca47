/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoints of a capture: a bounded table, by address and port.
 *
 * Layer: between the tracker and verdict.c. Invariant: the table holds at most its limit; the endpoint that is least
 * recently used leaves first. A finding keeps its endpoints alive beyond that. */
#ifndef SKYPEFP_ENDPOINTS_H
#define SKYPEFP_ENDPOINTS_H

#include "endpoint.h"

enum { MAX_CHANCES = 8 }; /* proven endpoints that are passed over when one has to leave the table */

struct endpoint_table {
    GHashTable *by_key;
    GQueue lru; /* least recently used first */
    struct hash_key hash_key;
    uint32_t limit;
    bool associates; /* endpoint.peer counts */
    bool asks_hosts; /* host.proven counts */
    uint32_t next_serial;
    uint64_t dropped;
};

void skypefp_endpoints_init(struct endpoint_table *table, uint32_t limit, uint64_t seed);
void skypefp_endpoints_clear(struct endpoint_table *table);

/* The endpoint of an address at a time: created if absent or if the tenancy of the one that is there has ended, and
 * the most recently used one from now on. Owned by the table. */
skypefp_endpoint *skypefp_endpoints_touch(struct endpoint_table *table, const skypefp_address *address,
                                          int64_t time_us);

/* An endpoint outside the table, for the initiator of one conversation. The caller owns the reference. */
skypefp_endpoint *skypefp_endpoint_of_initiator(struct endpoint_table *table, const skypefp_address *address);

/* The endpoint with a key, or NULL. */
skypefp_endpoint *skypefp_endpoints_lookup(const struct endpoint_table *table, const struct endpoint_key *key);

#endif
