/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP conversations: the first octets of each direction, and what was found in them.
 *
 * Only the first octets matter: a direction is looked at until they are there, then its segments cost one lookup. A
 * conversation is watched from its first packet (a SYN, or whatever the capture begins with) in a bounded table, the
 * one that was least recently used leaving first. One with findings moves to a bounded queue for the later passes,
 * first found first out. A new connection on the same addresses and ports is a conversation of its own. */
#ifndef SKYPEFP_STREAMS_H
#define SKYPEFP_STREAMS_H

#include "chains.h"
#include "pool.h"

enum {
    MAX_LOOKS = 1024,  /* segments of one conversation that signatures are run on */
    MAX_ON_TUPLE = 256 /* conversations with findings kept on one set of addresses and ports */
};

struct stream_table {
    struct chains chains;
    struct pool pool, octets; /* of the streams, and of the first octets of their sides */
    GHashTable *kept_by_serial;
    GQueue watched; /* least recently used first */
    GQueue kept;    /* first found first */
    struct hash_key hash_key;
    uint32_t max_watched, max_kept;
    uint32_t next_serial;
    uint64_t dropped, dropped_kept;
};

void skypefp_streams_init(struct stream_table *table, uint32_t max_watched, uint32_t max_kept, uint64_t seed);
void skypefp_streams_clear(struct stream_table *table);

/* The conversation that a packet of a frame belongs to, or NULL; *side: of its sender. Changes nothing. The packet
 * must have has_ip_addresses(), here and below. */
struct stream *skypefp_streams_find(const struct stream_table *table, const skypefp_packet *packet,
                                    enum stream_side *side);

/* The same in the first pass: a new conversation begins with a new SYN or with the first packet on these addresses
 * and ports. */
struct stream *skypefp_streams_touch(struct stream_table *table, const skypefp_packet *packet, enum stream_side *side);

/* A kept conversation by its serial, or NULL. */
struct stream *skypefp_streams_by_serial(const struct stream_table *table, uint32_t serial);

/* Keeps a conversation for the later passes; its endpoints are ref'd. */
void skypefp_streams_keep(struct stream_table *table, struct stream *stream, skypefp_endpoint *initiator,
                          skypefp_endpoint *responder);

/* Nothing is looked at any more: the octets go back to their pool. */
void skypefp_stream_unwatch(struct stream_table *table, struct stream *stream);

#endif
