/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a signature of TCP sees, and what it may ask for and add; what a signature is, signature.h says. */
#ifndef SKYPEFP_STREAM_SIGNATURE_H
#define SKYPEFP_STREAM_SIGNATURE_H

#include "record.h"
#include "streams.h"

/* One TCP conversation under observation: a packet brought new octets, or an end, from one side. */
struct stream_observation {
    struct skypefp_tracker *tracker;
    const skypefp_packet *packet;
    struct stream *stream;
    enum stream_side sender;
    unsigned news; /* observe_talk: what the message was, TALK_… */
    uint8_t rule;  /* index of the signature that looks */
};

/* What one side of a conversation sent, and the endpoint it sent it from. */
static inline const struct direction *stream_direction(const struct stream_observation *observation,
                                                       enum stream_side side)
{
    return &observation->stream->side[side];
}
skypefp_endpoint *skypefp_stream_endpoint(const struct stream_observation *observation, enum stream_side side);

/* The most bits that the signature that looks has given a side of this conversation so far; 0: it has not fired. The
 * first one is for conversations with evidence. */
uint8_t skypefp_stream_bits_given(const struct stream_observation *observation, enum stream_side side);
static inline uint8_t skypefp_stream_bits(const struct stream_observation *observation, enum stream_side side)
{
    return observation->stream->finding.evidence != NULL ? skypefp_stream_bits_given(observation, side) : 0;
}

/* Adds evidence of a side, seen in length octets of what it sends from offset on. */
void skypefp_stream_add(const struct stream_observation *observation, enum stream_side side, uint8_t bits,
                        uint32_t offset, uint32_t length, uint32_t related_frame, uint32_t detail);

/* Adds evidence of a side, seen in all of the packet at hand (in none of it when the other side sent it), unless the
 * rule gave that side as many bits before: then the evidence is confirmed, and its owner's tenancy goes on. */
void skypefp_stream_add_here(const struct stream_observation *observation, enum stream_side side, uint8_t bits,
                             uint32_t related_frame, uint32_t detail);

/* Adds evidence of a side of another conversation that is kept, in the last packet of its first octets; nothing if
 * it was dropped. */
void skypefp_stream_add_to(const struct stream_observation *observation, uint32_t serial, enum stream_side side,
                           uint8_t bits, uint32_t related_frame);

/* Notes the first condition that failed where a rule narrowly did not fire; a constant text. */
void skypefp_stream_near(const struct stream_observation *observation, const char *condition);

/* Keeps a conversation for the later passes; its endpoints come into being. */
void skypefp_keep_stream(struct skypefp_tracker *tracker, struct stream *stream);

/* A SYN that came after evidence shows which side responds: what the responder gave so far is its port's. */
void skypefp_stream_settle(struct skypefp_tracker *tracker, struct stream *stream, const skypefp_packet *packet);

/* What the two sides say shows which one responds, though no SYN was captured. */
static inline void stream_shows_sides(const struct stream_observation *observation)
{
    observation->stream->knows_sides = true;
}

/* Keeps the conversation under observation, though nothing has fired yet. */
void skypefp_stream_keep(const struct stream_observation *observation);

#endif
