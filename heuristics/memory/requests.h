/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP requests that wait for an answer, by asker, answerer and transaction id.
 *
 * Invariant: at most the limit are kept; the one made first leaves first. An answered request stays, for the resend
 * that follows a NAK, further fragments and copies of a frame. */
#ifndef SKYPEFP_REQUESTS_H
#define SKYPEFP_REQUESTS_H

#include "endpoint.h"
#include "findings.h"
#include "message.h"
#include "pool.h"

enum { MAX_HEAD = 32 };

struct request_key {
    uint32_t hash;
    uint32_t asker; /* serials of endpoints */
    uint32_t answerer;
    uint16_t id;
};

struct request {
    struct request_key key;
    GList queue;               /* place in the table's queue, data: this request */
    int64_t time_us;           /* of the message below */
    struct finding_name asked; /* the payload or resend that asked last */
    struct finding_name nak;   /* the NAK it got; frame 0: none */
    uint32_t challenge;        /* of the NAK */
    uint32_t crc;              /* of the first payload with this id */
    uint32_t iv;               /* of the payload that asked last */
    bool has_crc, has_challenge;
    uint8_t n_head;
    uint8_t head[MAX_HEAD]; /* first octets of the most recent request, from its IV on */
};

struct request_table {
    struct pool pool; /* of the requests */
    GHashTable *by_key;
    GQueue queue; /* oldest first */
    struct hash_key hash_key;
    uint32_t limit;
    uint64_t dropped;
};

void skypefp_requests_init(struct request_table *table, uint32_t limit, uint64_t seed);
void skypefp_requests_clear(struct request_table *table);

/* The request with an id from asker to answerer, or NULL. Owned by the table. */
struct request *skypefp_requests_lookup(const struct request_table *table, const skypefp_endpoint *asker,
                                        const skypefp_endpoint *answerer, uint16_t id);

/* Books a payload, or a resend whose first copy was missed, as request, instead of an older one with its id. */
void skypefp_requests_add(struct request_table *table, const skypefp_packet *packet, const skypefp_message *message,
                          const skypefp_finding *finding);

#endif
