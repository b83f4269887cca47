/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One TCP conversation: what its packets say of where it begins, who began it and where it ends. */
#ifndef SKYPEFP_STREAM_H
#define SKYPEFP_STREAM_H

#include "direction.h"
#include "endpoint.h"
#include "talk.h"
#include "tuple_key.h"

enum stream_side { INITIATOR, RESPONDER };

struct stream {
    struct tuple_key tuple;       /* the addresses and ports it runs on */
    struct stream *next_in_chain; /* of the table; the newest one on its tuple is there */
    GPtrArray *earlier; /* of the newest one: struct stream, kept ones on its tuple, by first frame; NULL: none */
    struct endpoint_key key[2]; /* by enum stream_side; their hashes are not set */
    struct direction side[2];
    skypefp_finding finding;
    struct talk talk;
    GList queue;            /* place in one of the table's queues, data: this stream */
    uint32_t renewed_at;    /* the table's n_renewals when it came to the end of the queue of watched ones */
    uint32_t serial;        /* unlike any other conversation's of this capture, from 1 */
    uint32_t end_frame;     /* the last one before another conversation began; 0: none has */
    uint32_t initiator_isn; /* sequence number of the last SYN, with has_syn */
    unsigned n_looks;
    bool initiator_is_low; /* the initiator is the lower end of the tuple */
    bool has_syn;
    bool knows_sides;           /* a SYN or the ports show which side is which */
    bool has_target;            /* a proxy connects it to the address below */
    bool is_name_only;          /* a proxy connects it to a name: the responder does not have an address */
    struct endpoint_key target; /* with has_target; its hash is not set */
    bool is_watched;            /* signatures still look */
    bool is_half;               /* was answered with binary, and no facade was seen on the endpoint yet */
    bool is_kept;               /* has findings: in the queue of kept ones */
    bool is_succeeded;          /* another conversation began on its tuple */
};

/* The side of a packet's sender. from_low: it is the lower end of the tuple. */
static inline enum stream_side stream_side_of(const struct stream *stream, bool from_low)
{
    return from_low == stream->initiator_is_low ? INITIATOR : RESPONDER;
}

/* Begins in a block of zeros, with its first packet: addresses, sides and time. */
void skypefp_stream_begin(struct stream *stream, const skypefp_packet *packet, bool from_low);

/* Whether the numbers of data are far from those of its side. */
static inline bool stream_is_far(const struct stream *stream, const skypefp_packet *packet, enum stream_side side)
{
    uint32_t ahead = packet->tcp_seq - stream->talk.next_seq[side];

    return packet->wire_len != 0 && stream->talk.has_seq[side] && ahead >= NEAR && 0u - ahead >= NEAR;
}

/* Whether a packet begins another connection than the stream, if it is a SYN or far away: a SYN with a number of its
 * own after data, the end or a minute, any SYN after the end of data, or data far away after the end or a long
 * silence. */
bool skypefp_stream_is_over(const struct stream *stream, const skypefp_packet *packet, bool from_low);

/* The same of any packet; nearly always false. */
static inline bool stream_is_over(const struct stream *stream, const skypefp_packet *packet, bool from_low)
{
    bool may_be = (packet->tcp_flags & SKYPEFP_SYN) || stream_is_far(stream, packet, stream_side_of(stream, from_low));

    return G_UNLIKELY(may_be) && skypefp_stream_is_over(stream, packet, from_low);
}

/* A SYN, or the answer to one. */
void skypefp_stream_take_syn(struct stream *stream, const skypefp_packet *packet, enum stream_side side);

/* The conversation that a finding of TCP is a part of. */
static inline const struct stream *stream_of(const skypefp_finding *finding)
{
    return (const void *)((const char *)finding - offsetof(struct stream, finding));
}

#endif
