/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One segment's way: conversation, first octets, signatures. */
#include "openings.h"
#include "signature.h"
#include "tracker.h"

enum {
    JUDGED_OCTETS = 23,         /* a seed and its keystream twice, less one: the shortest proof of one side alone */
    RETURNED_OCTETS = 14        /* the two sides of a login begin with the same few octets */
};

static skypefp_address key_address(const struct endpoint_key *key)
{
    return (skypefp_address){ key->bytes, key->len, key->port };
}

skypefp_endpoint *skypefp_stream_endpoint(const struct stream_observation *observation, enum stream_side side)
{
    skypefp_address address = key_address(&observation->stream->key[side]);

    return skypefp_endpoints_touch(&observation->tracker->endpoints, &address);
}

static void keep_stream(skypefp_tracker *tracker, struct stream *stream)
{
    if (!stream->is_kept) {
        skypefp_address initiator = key_address(&stream->key[INITIATOR]), responder = key_address(&stream->key[RESPONDER]);
        skypefp_streams_keep(&tracker->streams, stream, skypefp_endpoints_touch(&tracker->endpoints, &initiator),
                             skypefp_endpoints_touch(&tracker->endpoints, &responder));
    }
}

void skypefp_stream_keep(const struct stream_observation *observation)
{
    keep_stream(observation->tracker, observation->stream);
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
    keep_stream(observation->tracker, stream);
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
        keep_stream(observation->tracker, observation->stream);
        finding->near_miss = condition;
        finding->near_miss_rule = observation->rule;
    }
}

/* Names the probes of scanners that ask for what the two faces answer (nmap-service-probes, skypev2-version.nse). */
static const char *find_probe(const struct direction *initiator)
{
    static const struct { const char *octets, *name; } probes[] = {
        { "GET / HTTP/1.0\r\n\r\n", "Nmap GetRequest" },
        { "random data\r\n\r\n", "Nmap skypev2-version" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(probes); i++) {
        uint32_t len = (uint32_t)strlen(probes[i].octets);
        if (initiator->end == len && skypefp_opens_with(initiator, probes[i].octets, len)) {
            return probes[i].name;
        }
    }
    return NULL;
}

/* Whether the responder sent back what the initiator said: an echo service, a loop. It says nothing of the responder. */
static bool is_returned(const struct stream *stream)
{
    const struct direction *initiator = &stream->side[INITIATOR], *responder = &stream->side[RESPONDER];
    uint32_t n = MIN(initiator->n, responder->n);

    return n >= RETURNED_OCTETS && memcmp(initiator->first, responder->first, n) == 0;
}

static void look_at_stream(struct stream_observation *observation)
{
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (skypefp_signatures[i]->observe_stream != NULL &&
            tracker_allows(observation->tracker, skypefp_signatures[i]->rule.group)) {
            observation->rule = (uint8_t)i;
            skypefp_signatures[i]->observe_stream(observation);
        }
    }
}

/* Why a conversation without evidence says nothing; NULL: there was enough to look at. */
static const char *find_obstacle(const struct stream *stream)
{
    const struct direction *initiator = &stream->side[INITIATOR], *responder = &stream->side[RESPONDER];

    if (initiator->is_cut || responder->is_cut) {
        return "truncated";
    }
    if (initiator->is_late || responder->is_late) {
        return "started late";
    }
    if (initiator->end < JUDGED_OCTETS && responder->end < JUDGED_OCTETS) {
        return "too short";
    }
    return NULL;
}

static bool is_suspected(const skypefp_tracker *tracker, const struct endpoint_key *key)
{
    skypefp_address address = key_address(key);
    const skypefp_endpoint *endpoint = skypefp_endpoint_find(tracker, &address);

    return endpoint != NULL && endpoint->tallies != NULL;
}

/* A conversation of a suspected endpoint that cannot be judged is kept for the note that says so. */
static void note_obstacle(skypefp_tracker *tracker, struct stream *stream)
{
    const char *obstacle = stream->finding.evidence == NULL ? find_obstacle(stream) : NULL;

    if (obstacle != NULL && (is_suspected(tracker, &stream->key[INITIATOR]) || is_suspected(tracker, &stream->key[RESPONDER]))) {
        keep_stream(tracker, stream);
    }
    stream->finding.unjudged = obstacle;
}

/* Whether a direction has ended and everything before its end is there: a segment may come behind the FIN. */
static bool is_over(const struct direction *direction)
{
    return direction->is_closed && direction->n >= MIN(direction->fin_at, FIRST_OCTETS);
}

/* Has the signatures look, until both directions have shown their first octets or ended. A hole may still be filled, so a
 * direction with one is looked at until the number of looks is used up. Not inline: most segments bring nothing new. */
G_GNUC_NO_INLINE static void look_at_news(skypefp_tracker *tracker, const skypefp_packet *packet, struct stream *stream,
                                          enum stream_side sender)
{
    struct stream_observation observation = { .tracker = tracker, .packet = packet, .stream = stream, .sender = sender };

    stream->finding.probe = find_probe(&stream->side[INITIATOR]);
    if (!is_returned(stream)) {
        look_at_stream(&observation);
    }
    note_obstacle(tracker, stream);
    bool is_whole = stream->side[INITIATOR].n == FIRST_OCTETS && stream->side[RESPONDER].n == FIRST_OCTETS;
    bool both_over = is_over(&stream->side[INITIATOR]) && is_over(&stream->side[RESPONDER]);

    if (is_whole || both_over || ++stream->n_looks >= MAX_LOOKS) {
        skypefp_stream_unwatch(stream);
    }
}

/* Whether a segment shows something of its conversation: payload, or the end, which some signatures ask for. */
static bool is_shown(const skypefp_packet *packet)
{
    return packet->wire_len > 0 || packet->tcp_flags & (SKYPEFP_FIN | SKYPEFP_RST);
}

const skypefp_finding *skypefp_observe_tcp(skypefp_tracker *tracker, const skypefp_packet *packet, bool *from_dst)
{
    enum stream_side sender;

    if (!is_shown(packet) && !(packet->tcp_flags & SKYPEFP_SYN)) {
        return NULL;
    }
    struct stream *stream = skypefp_streams_touch(&tracker->streams, packet, &sender);

    if (stream->is_watched && skypefp_direction_take(&stream->side[sender], packet)) {
        look_at_news(tracker, packet, stream, sender);
    }
    *from_dst = sender == RESPONDER;
    if (!is_shown(packet)) {
        return NULL;
    }
    stream->finding.last_frame = packet->frame;
    stream->finding.n_packets++;
    return stream->is_kept ? &stream->finding : NULL;
}

const skypefp_finding *skypefp_find_tcp(const skypefp_tracker *tracker, const skypefp_packet *packet, bool *from_dst)
{
    enum stream_side sender = INITIATOR;

    if (!is_shown(packet)) {
        return NULL;
    }
    const struct stream *stream = skypefp_streams_find(&tracker->streams, packet, &sender);

    *from_dst = sender == RESPONDER;
    return stream != NULL && stream->is_kept ? &stream->finding : NULL;
}

static unsigned add_frame(uint32_t frames[SKYPEFP_MAX_ENDS], unsigned n, uint32_t frame)
{
    frames[n] = frame;
    return n + (frame != 0);
}

unsigned skypefp_conversation_ends(const skypefp_finding *finding, uint32_t frames[SKYPEFP_MAX_ENDS])
{
    if (finding->transport != SKYPEFP_TCP) {
        return 0;
    }
    /* The finding of a conversation is a part of its stream. */
    const struct stream *stream = (const void *)((const char *)finding - offsetof(struct stream, finding));
    unsigned n = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(stream->side); i++) {
        n = add_frame(frames, n, stream->side[i].syn_frame);
        n = add_frame(frames, n, stream->side[i].close_frame);
    }
    return n;
}
