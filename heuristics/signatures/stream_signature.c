/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What signatures of TCP ask for and add: endpoints of a conversation, evidence of its sides, near misses. */
#include "stream_signature.h"

#include "association.h"
#include "booking.h"
#include "tracker.h"

/* The endpoint that evidence of a side belongs to: the responder's own, unless nothing shows which side responds;
 * otherwise one of this conversation alone. Ref'd. */
static skypefp_endpoint *stream_owner(skypefp_tracker *tracker, const struct stream *stream, enum stream_side side,
                                      int64_t time_us)
{
    bool is_known = side == RESPONDER && stream->knows_sides && !stream->is_name_only;
    skypefp_address address = key_address(is_known && stream->has_target ? &stream->target : &stream->key[side]);

    if (is_known) {
        return skypefp_endpoint_ref(skypefp_endpoints_touch(&tracker->endpoints, &address, time_us));
    }
    return skypefp_endpoint_of_initiator(&tracker->endpoints, &address);
}

void skypefp_keep_stream(skypefp_tracker *tracker, struct stream *stream)
{
    if (!stream->is_kept) {
        int64_t time_us = stream->finding.last_us;
        skypefp_endpoint *initiator = stream_owner(tracker, stream, INITIATOR, time_us);
        skypefp_endpoint *responder = stream_owner(tracker, stream, RESPONDER, time_us);
        skypefp_streams_keep(&tracker->streams, stream, initiator, responder);
        skypefp_endpoint_unref(initiator);
        skypefp_endpoint_unref(responder);
    }
}

skypefp_endpoint *skypefp_stream_endpoint(const struct stream_observation *observation, enum stream_side side)
{
    struct stream *stream = observation->stream;
    bool is_target = side == RESPONDER && stream->has_target;
    skypefp_address address = key_address(is_target ? &stream->target : &stream->key[side]);

    if (side == RESPONDER && stream->is_name_only) {
        skypefp_keep_stream(observation->tracker, stream);
        return stream->finding.dst;
    }
    return skypefp_endpoints_touch(&observation->tracker->endpoints, &address, observation->packet->time_us);
}

void skypefp_stream_keep(const struct stream_observation *observation)
{
    skypefp_keep_stream(observation->tracker, observation->stream);
}

uint8_t skypefp_stream_bits_given(const struct stream_observation *observation, enum stream_side side)
{
    uint8_t bits = 0;

    for (const skypefp_evidence *evidence = observation->stream->finding.evidence; evidence != NULL;
         evidence = evidence->next) {
        if (evidence->rule == observation->rule && evidence->of_dst == (side == RESPONDER)) {
            bits = MAX(bits, evidence->bits);
        }
    }
    return bits;
}

/* Whether what the responder gives belongs to the conversation alone. */
static bool is_own(const struct stream *stream)
{
    return stream->finding.dst->is_initiator && (!stream->knows_sides || stream->is_name_only);
}

/* A responder's tenancy may have ended since the conversation was kept, a proxy's handshake may have named another, or
 * the sides have become known; then that one gets the evidence, in the last case also what the conversation has. */
static skypefp_endpoint *renew_responder(skypefp_tracker *tracker, struct stream *stream, const skypefp_packet *packet)
{
    skypefp_endpoint *before = stream->finding.dst;

    if (is_own(stream)) {
        return before;
    }
    skypefp_endpoint *current = stream_owner(tracker, stream, RESPONDER, packet->time_us);

    if (before->is_initiator && before->tallies != NULL) {
        skypefp_endpoint_adopt(current, before, packet->frame, packet->time_us);
        skypefp_host_note(&tracker->hosts, current, packet->frame, packet->time_us);
        current->is_listening = true;
    }
    stream->finding.dst = current;
    skypefp_endpoint_unref(before);
    return current;
}

void skypefp_stream_settle(skypefp_tracker *tracker, struct stream *stream, const skypefp_packet *packet)
{
    if (stream->is_kept && stream->finding.dst->is_initiator) {
        renew_responder(tracker, stream, packet);
    }
}

/* The endpoint that gets evidence of a side of a conversation that is kept. */
static skypefp_endpoint *renew_owner(const struct stream_observation *observation, struct stream *stream,
                                     enum stream_side side)
{
    return side == INITIATOR ? stream->finding.src : renew_responder(observation->tracker, stream, observation->packet);
}

/* The octets of a direction from one on, as far as they are remembered and were captured. */
static struct proving in_direction(const struct direction *direction, uint32_t begin, uint32_t end)
{
    uint32_t n = end > begin && skypefp_direction_covers(direction, begin, end - begin) ? end - begin : 0;

    while (n > 0 && n < SKYPEFP_PROOF_OCTETS && skypefp_direction_covers(direction, begin, n + 1)) {
        n++; /* what follows, for its context */
    }
    return (struct proving){
        .octets = n > 0 ? direction->first + begin : NULL, .n = n, .offset = begin, .length = end - begin
    };
}

/* Books evidence in the packet that brought the last of a side's first octets. */
static void add_evidence(const struct stream_observation *observation, struct stream *stream, enum stream_side side,
                         const skypefp_evidence *evidence, const struct proving *proving)
{
    skypefp_keep_stream(observation->tracker, stream);
    skypefp_endpoint *owner = renew_owner(observation, stream, side);

    owner->is_listening = !owner->is_initiator;
    skypefp_finding_append(&stream->finding, evidence);
    book(observation->tracker, owner, evidence, observation->packet->time_us, proving);
}

/* The packet that brought the last of some octets: one of the first two segments, or else the last one with anything
 * new. */
static void find_packet(const struct direction *direction, uint32_t end, uint32_t *frame, uint32_t *at)
{
    *frame = direction->last_frame;
    *at = direction->last_at;
    for (unsigned i = 0; i < direction->n_segments; i++) {
        if (end > direction->segment_at[i] && end <= direction->segment_end[i]) {
            *frame = direction->segment_frame[i];
            *at = direction->segment_at[i];
            return;
        }
    }
}

void skypefp_stream_add(const struct stream_observation *observation, enum stream_side side, uint8_t bits,
                        uint32_t offset, uint32_t length, uint32_t related_frame, uint32_t detail)
{
    uint32_t frame, at, end = offset + length;

    find_packet(stream_direction(observation, side), end, &frame, &at);
    uint32_t start = MAX(offset, at);
    skypefp_evidence evidence = {
        .frame = frame,
        .related_frame = related_frame,
        .detail = detail,
        .offset = (uint16_t)(start - at),
        .length = (uint16_t)(end > start ? end - start : 0),
        .rule = observation->rule,
        .bits = bits,
        .of_dst = side == RESPONDER,
    };
    struct proving proving = in_direction(stream_direction(observation, side), offset, end);

    add_evidence(observation, observation->stream, side, &evidence, &proving);
}

void skypefp_stream_add_to(const struct stream_observation *observation, uint32_t serial, enum stream_side side,
                           uint8_t bits, uint32_t related_frame)
{
    struct stream *stream = skypefp_streams_by_serial(&observation->tracker->streams, serial);

    if (stream == NULL) {
        return;
    }
    const struct direction *direction = &stream->side[side];
    skypefp_evidence evidence = {
        .frame = direction->last_frame,
        .related_frame = related_frame,
        .length = (uint16_t)(direction->n > direction->last_at ? direction->n - direction->last_at : 0),
        .rule = observation->rule,
        .bits = bits,
        .of_dst = side == RESPONDER,
    };

    struct proving proving = in_direction(direction, direction->last_at, MAX(direction->last_at, direction->n));

    stream->is_half = false;
    add_evidence(observation, stream, side, &evidence, &proving);
}

void skypefp_stream_near(const struct stream_observation *observation, const char *condition)
{
    skypefp_finding *finding = &observation->stream->finding;

    if (observation->tracker->near_misses && finding->near_miss == NULL) {
        skypefp_keep_stream(observation->tracker, observation->stream);
        finding->near_miss = condition;
        finding->near_miss_rule = observation->rule;
    }
}

void skypefp_stream_add_here(const struct stream_observation *observation, enum stream_side side, uint8_t bits,
                             uint32_t related_frame, uint32_t detail)
{
    skypefp_evidence evidence = {
        .frame = observation->packet->frame,
        .related_frame = related_frame,
        .detail = detail,
        .length = (uint16_t)(side == observation->sender ? MIN(observation->packet->wire_len, UINT16_MAX) : 0),
        .rule = observation->rule,
        .bits = bits,
        .of_dst = side == RESPONDER,
    };

    if (bits > skypefp_stream_bits(observation, side)) {
        struct proving proving =
            side == observation->sender ? in_packet(observation->packet, 0, 0) : (struct proving){ .octets = NULL };
        add_evidence(observation, observation->stream, side, &evidence, &proving);
        return;
    }
    skypefp_endpoint *owner = renew_owner(observation, observation->stream, side);
    skypefp_endpoint_note_time(owner, observation->packet->time_us);
    skypefp_host_note(&observation->tracker->hosts, owner, observation->packet->frame, observation->packet->time_us);
}
