/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What signatures ask for and add: memory of an endpoint, evidence, near misses. */
#include "signature.h"

#include "tracker.h"

void *skypefp_observation_memory(const struct observation *observation, skypefp_endpoint *endpoint)
{
    return skypefp_endpoint_memory(endpoint, observation->rule, skypefp_signatures[observation->rule]->memory_size);
}

void skypefp_observation_add(const struct observation *observation, uint8_t bits, uint16_t offset, uint16_t length,
                             uint32_t related_frame, uint32_t detail)
{
    skypefp_evidence evidence = {
        .frame = observation->packet->frame,
        .related_frame = related_frame,
        .detail = detail,
        .offset = offset,
        .length = length,
        .rule = observation->rule,
        .bits = bits,
    };

    skypefp_finding_append(observation->finding, &evidence);
    skypefp_endpoint_add(observation->src, observation->rule, bits, observation->packet->frame);
}

void skypefp_observation_add_earlier(const struct observation *observation, struct finding_name earlier, uint8_t bits,
                                     uint16_t offset, uint16_t length)
{
    skypefp_finding *finding = skypefp_findings_named(&observation->tracker->findings, earlier);
    skypefp_evidence evidence = {
        .frame = earlier.frame,
        .related_frame = observation->packet->frame,
        .offset = offset,
        .length = length,
        .rule = observation->rule,
        .bits = bits,
    };

    if (finding != NULL) {
        skypefp_finding_append(finding, &evidence);
        skypefp_endpoint_add(finding->src, observation->rule, bits, finding->frame);
    }
}

void skypefp_observation_near(const struct observation *observation, const char *condition)
{
    if (observation->tracker->near_misses && observation->finding->near_miss == NULL) {
        observation->finding->near_miss = condition;
        observation->finding->near_miss_rule = observation->rule;
    }
}

/* ---- TCP ---- */

skypefp_endpoint *skypefp_stream_endpoint(const struct stream_observation *observation, enum stream_side side)
{
    skypefp_address address = key_address(&observation->stream->key[side]);

    return skypefp_endpoints_touch(&observation->tracker->endpoints, &address);
}

void skypefp_keep_stream(skypefp_tracker *tracker, struct stream *stream)
{
    if (!stream->is_kept) {
        skypefp_address initiator = key_address(&stream->key[INITIATOR]), responder = key_address(&stream->key[RESPONDER]);
        skypefp_streams_keep(&tracker->streams, stream, skypefp_endpoints_touch(&tracker->endpoints, &initiator),
                             skypefp_endpoints_touch(&tracker->endpoints, &responder));
    }
}

void skypefp_stream_keep(const struct stream_observation *observation)
{
    skypefp_keep_stream(observation->tracker, observation->stream);
}

uint8_t skypefp_stream_bits(const struct stream_observation *observation, enum stream_side side)
{
    uint8_t bits = 0;

    for (const skypefp_evidence *evidence = observation->stream->finding.evidence; evidence != NULL; evidence = evidence->next) {
        if (evidence->rule == observation->rule && evidence->of_dst == (side == RESPONDER)) {
            bits = MAX(bits, evidence->bits);
        }
    }
    return bits;
}

/* Books evidence in the packet that brought the last of a side's first octets. */
static void add_evidence(const struct stream_observation *observation, struct stream *stream, enum stream_side side,
                         const skypefp_evidence *evidence)
{
    skypefp_keep_stream(observation->tracker, stream);
    skypefp_finding_append(&stream->finding, evidence);
    skypefp_endpoint_add(side == RESPONDER ? stream->finding.dst : stream->finding.src, observation->rule, evidence->bits,
                         evidence->frame);
}

/* The packet that brought the last of some octets: one of the first two segments, or else the last one with anything new. */
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

    add_evidence(observation, observation->stream, side, &evidence);
}

void skypefp_stream_add_to(const struct stream_observation *observation, uint32_t serial, enum stream_side side, uint8_t bits,
                           uint32_t related_frame)
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

    stream->is_half = false;
    add_evidence(observation, stream, side, &evidence);
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
