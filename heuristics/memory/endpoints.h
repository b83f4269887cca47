/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoints of a capture: their evidence, and what signatures remember of each.
 *
 * Layer: between the tracker and verdict.c. Invariant: the table holds at most its limit; the endpoint
 * that was quiet for the longest time leaves first. A finding keeps its endpoints alive beyond that. */
#ifndef SKYPEFP_ENDPOINTS_H
#define SKYPEFP_ENDPOINTS_H

#include "address.h"
#include "verdict.h"

enum {
    MAX_ANSWERED = 4,           /* askers remembered of an endpoint that answered, for endpoint.peer */
    MAX_CHANCES = 8             /* proven endpoints that are passed over when one has to leave the table */
};

/* An asker that an endpoint answered. */
struct answered {
    struct endpoint_key asker;
    uint32_t frame;             /* of the answer */
};

struct skypefp_endpoint {
    struct endpoint_key key;
    uint32_t serial;            /* unlike any other endpoint's of this capture, also after it left the table */
    unsigned refs;              /* the table, and findings */
    GList lru;                  /* place in the table's queue, data: this endpoint */
    GArray *tallies;            /* skypefp_tally; NULL: no evidence */
    void **memory;              /* by signature; NULL until one remembers something */
    struct answered *answered;  /* MAX_ANSWERED of them, frame 0: unused; NULL: answered nobody */
    uint32_t peer_frame;        /* of its answer to an asker that was certain then; 0: none */
    uint32_t proof_frame;       /* where its own evidence first made it at least likely; 0: not yet */
    uint32_t n_sent, n_received;        /* datagrams with a shape */
    uint32_t public_ipv4;       /* its public address behind NAT, as answerers agree; 0: unknown */
};

struct endpoint_table {
    GHashTable *by_key;
    GQueue lru;                 /* quiet for longest first */
    struct hash_key hash_key;
    uint32_t limit;
    bool associates;            /* endpoint.peer counts */
    uint32_t next_serial;
    uint64_t dropped;
};

void skypefp_endpoints_init(struct endpoint_table *table, uint32_t limit, uint64_t seed);
void skypefp_endpoints_clear(struct endpoint_table *table);

/* The endpoint of an address; made if new, and the most recently used one from now on. Owned by the table. */
skypefp_endpoint *skypefp_endpoints_touch(struct endpoint_table *table, const skypefp_address *address);

/* The endpoint with a key, or NULL. */
skypefp_endpoint *skypefp_endpoints_lookup(const struct endpoint_table *table, const struct endpoint_key *key);

skypefp_endpoint *skypefp_endpoint_ref(skypefp_endpoint *endpoint);
void skypefp_endpoint_unref(skypefp_endpoint *endpoint);

/* Zeroed memory of a signature for an endpoint, size octets, made at the first call. */
void *skypefp_endpoint_memory(skypefp_endpoint *endpoint, unsigned signature, size_t size);

/* Books evidence of a rule that fired on a frame. */
void skypefp_endpoint_add(skypefp_endpoint *endpoint, uint8_t rule, uint8_t bits, uint32_t frame);

/* Net sum of an endpoint's own evidence, prior included, association apart. */
int skypefp_own_bits(const skypefp_endpoint *endpoint);

/* Verdict of an endpoint by its own evidence alone; it may inherit and associate from SKYPEFP_LIKELY and SKYPEFP_CERTAIN up. */
enum skypefp_verdict skypefp_own_verdict(const skypefp_endpoint *endpoint);

#endif
