/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP conversations: the first octets of each direction, the messages, and what was found in them.
 *
 * A direction is looked at until its first octets are there; after that a segment costs one lookup. Of its messages
 * the lengths and times count; the octets of those of 2, 4 and 5 alone are read, and those of 2 and 5 are remembered
 * for their clocks (talk.h). A conversation is watched from its first packet (a SYN, or whatever the capture begins
 * with) in a bounded table; the least recently used one leaves first, in an order that is kept to within an eighth of
 * the table. One with findings moves to a bounded queue for the later passes, first found first out. A new connection
 * on the same addresses and ports is a conversation of its own. */
#ifndef SKYPEFP_STREAMS_H
#define SKYPEFP_STREAMS_H

#include "chains.h"
#include "pool.h"
#include "queue_links.h"

enum {
    MAX_LOOKS = 1024,  /* segments of one conversation that signatures of its first octets are run on */
    MAX_ON_TUPLE = 256 /* conversations with findings kept on one set of addresses and ports */
};

struct stream_table {
    struct chains chains;
    struct pool pool, octets; /* of the streams, and of the first octets of their sides */
    GHashTable *kept_by_serial;
    GQueue watched; /* least recently used first, give or take an eighth */
    GQueue kept;    /* first found first */
    struct hash_key hash_key;
    uint32_t max_watched, max_kept;
    uint32_t next_serial;
    uint32_t n_renewals; /* times that a conversation came to the end of the queue of watched ones; it may wrap */
    uint64_t dropped, dropped_kept;
};

void skypefp_streams_init(struct stream_table *table, uint32_t max_watched, uint32_t max_kept, uint64_t seed);
void skypefp_streams_clear(struct stream_table *table);

/* The conversation that a packet of a frame belongs to, or NULL; *side: of its sender. Changes nothing. The packet
 * must have has_ip_addresses(), here and below. */
struct stream *skypefp_streams_find(const struct stream_table *table, const skypefp_packet *packet,
                                    enum stream_side *side);

/* The end of the queue of watched ones. */
static inline void append_watched(struct stream_table *table, struct stream *stream)
{
    queue_append(&table->watched, &stream->queue);
    stream->renewed_at = ++table->n_renewals;
}

/* A conversation was used. It moves to the end of the queue only when an eighth of all have moved there since it did:
 * not with each segment. */
static inline void renew(struct stream_table *table, struct stream *stream)
{
    if (!stream->is_kept && table->n_renewals - stream->renewed_at > table->max_watched / 8) {
        queue_remove(&table->watched, &stream->queue);
        append_watched(table, stream);
    }
}

struct stream *skypefp_streams_touch_apart(struct stream_table *table, const skypefp_packet *packet,
                                           enum stream_side *side);

/* The same in the first pass: a new conversation begins with a new SYN or with the first packet on these addresses
 * and ports. Inline: what nearly every segment is, one of a conversation that goes on. */
static inline struct stream *skypefp_streams_touch(struct stream_table *table, const skypefp_packet *packet,
                                                   enum stream_side *side)
{
    if (G_UNLIKELY(!is_plain_tuple(packet) || packet->tcp_flags & SKYPEFP_SYN)) {
        return skypefp_streams_touch_apart(table, packet, side);
    }
    bool from_low;
    struct tuple_key wanted;

    plain_tuple_key(&table->hash_key, packet, &wanted, &from_low);
    struct stream *stream = *find_place(&table->chains, &wanted);

    if (G_UNLIKELY(stream == NULL || stream->is_succeeded)) {
        return skypefp_streams_touch_apart(table, packet, side);
    }
    *side = stream_side_of(stream, from_low);
    if (G_UNLIKELY(stream_is_far(stream, packet, *side))) {
        return skypefp_streams_touch_apart(table, packet, side);
    }
    renew(table, stream);
    return stream;
}

/* A kept conversation by its serial, or NULL. */
struct stream *skypefp_streams_by_serial(const struct stream_table *table, uint32_t serial);

/* Keeps a conversation for the later passes; its endpoints are ref'd. */
void skypefp_streams_keep(struct stream_table *table, struct stream *stream, skypefp_endpoint *initiator,
                          skypefp_endpoint *responder);

/* Nothing is looked at any more: the octets go back to their pool. */
void skypefp_stream_unwatch(struct stream_table *table, struct stream *stream);

#endif
