/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One segment's way: conversation, first octets, signatures. */
#include "observe_tcp.h"
#include "foreign.h"
#include "openings.h"
#include "proxy.h"
#include "stream_signature.h"

enum {
    JUDGED_OCTETS = 23,  /* a seed and its keystream twice, less one: the shortest proof of one side alone */
    RETURNED_OCTETS = 14 /* the two sides of a login begin with the same few octets */
};

/* Whether the responder sent back what the initiator said: an echo service, a loop. It says nothing of the
 * responder. */
static bool is_returned(const struct stream *stream)
{
    const struct direction *initiator = &stream->side[INITIATOR], *responder = &stream->side[RESPONDER];
    uint32_t n = MIN(initiator->n, responder->n);

    return n >= RETURNED_OCTETS && initiator->first[0] == responder->first[0] &&
           memcmp(initiator->first, responder->first, n) == 0;
}

static unsigned opening_class(const skypefp_tracker *tracker, const struct direction *direction)
{
    return direction->n > 0 ? tracker->opening_class[direction->first[0]] : 0;
}

static void look_at_stream(struct stream_observation *observation)
{
    skypefp_tracker *tracker = observation->tracker;
    const struct direction *side = observation->stream->side;
    unsigned openings = opening_class(tracker, &side[INITIATOR]) | opening_class(tracker, &side[RESPONDER]);
    const struct lookers *lookers = &tracker->stream_lookers[observation->sender][openings];

    for (unsigned i = 0; i < lookers->n; i++) {
        observation->rule = lookers->rule[i];
        skypefp_signatures[observation->rule]->observe_stream(observation);
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

/* Whether a direction has ended and everything before its end is there: a segment may come after the FIN. */
static bool is_over(const struct direction *direction)
{
    return direction->is_closed && direction->n >= MIN(direction->fin_at, FIRST_OCTETS);
}

/* Has the signatures look, until both directions have shown their first octets or another protocol, or ended. A hole
 * may still be filled, so a direction with one is looked at until the number of looks is used up. Not inline: most
 * segments bring nothing new. */
G_GNUC_NO_INLINE static void look_at_news(skypefp_tracker *tracker, const skypefp_packet *packet, struct stream *stream,
                                          enum stream_side sender)
{
    struct stream_observation observation = {
        .tracker = tracker, .packet = packet, .stream = stream, .sender = sender
    };

    if (skypefp_proxy_may_begin(&stream->side[INITIATOR])) {
        skypefp_proxy_pass(stream);
    }
    stream->finding.probe =
        stream->side[INITIATOR].end <= LONGEST_PROBE ? skypefp_find_probe(&stream->side[INITIATOR]) : NULL;
    if (!skypefp_opens_as_tls_client(&stream->side[sender]) && !is_returned(stream)) {
        look_at_stream(&observation);
    }
    bool is_foreign = stream->finding.evidence == NULL && skypefp_is_foreign(stream);

    stream->finding.unjudged = stream->finding.evidence == NULL && !is_foreign ? find_obstacle(stream) : NULL;
    bool is_whole = stream->side[INITIATOR].n == FIRST_OCTETS && stream->side[RESPONDER].n == FIRST_OCTETS;
    bool both_over = is_over(&stream->side[INITIATOR]) && is_over(&stream->side[RESPONDER]);

    if (is_foreign || is_whole || both_over || ++stream->n_looks >= MAX_LOOKS) {
        skypefp_stream_unwatch(&tracker->streams, stream);
    }
}

/* Whether a segment shows something of its conversation: payload, or the end, which some signatures ask for. */
static bool is_shown(const skypefp_packet *packet)
{
    return packet->wire_len > 0 || packet->tcp_flags & (SKYPEFP_FIN | SKYPEFP_RST);
}

/* Has the signatures look at the lengths and times of messages. */
G_GNUC_NO_INLINE static void look_at_talk(skypefp_tracker *tracker, const skypefp_packet *packet, struct stream *stream,
                                          enum stream_side sender, unsigned news)
{
    struct stream_observation observation = {
        .tracker = tracker,
        .packet = packet,
        .stream = stream,
        .sender = sender,
        .news = news,
    };

    for (unsigned i = 0; i < tracker->lookers[LOOKER_TALK].n; i++) {
        observation.rule = tracker->lookers[LOOKER_TALK].rule[i];
        skypefp_signatures[observation.rule]->observe_talk(&observation);
    }
}

/* Whether there is something to show of a conversation: what was found in it, or why it could not be judged. */
static bool show(const skypefp_tracker *tracker, const skypefp_packet *packet, const struct stream *stream,
                 enum stream_side sender, skypefp_sighting *sighting)
{
    bool is_found = stream->is_kept || (tracker->has_evidence && stream->finding.unjudged != NULL);

    if (is_found) {
        *sighting = (skypefp_sighting){
            .finding = &stream->finding,
            .time_us = packet->time_us,
            .frame = packet->frame,
            .from_dst = sender == RESPONDER,
        };
    }
    return is_found;
}

static void count(skypefp_finding *finding, const skypefp_packet *packet, enum stream_side sender)
{
    finding->last_frame = packet->frame;
    finding->last_us = MAX(finding->last_us, packet->time_us);
    finding->n_packets++;
    finding->n_sent[sender]++;
    finding->n_octets[sender] += packet->wire_len;
}

bool skypefp_observe_tcp(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    enum stream_side sender;

    if (!is_shown(packet) && !(packet->tcp_flags & SKYPEFP_SYN)) {
        return false;
    }
    struct stream *stream = skypefp_streams_touch(&tracker->streams, packet, &sender);

    if (stream->is_watched && !direction_passes(&stream->side[sender], packet) &&
        skypefp_direction_take(&stream->side[sender], packet, &tracker->streams.octets)) {
        look_at_news(tracker, packet, stream, sender);
    }
    if (packet->tcp_flags & SKYPEFP_SYN) {
        skypefp_stream_settle(tracker, stream, packet);
    }
    unsigned news = skypefp_talk_take(&stream->talk, packet, sender);
    if (news != TALK_NOTHING) {
        look_at_talk(tracker, packet, stream, sender, news);
    }
    if (!is_shown(packet)) {
        return false;
    }
    count(&stream->finding, packet, sender);
    return show(tracker, packet, stream, sender, sighting);
}

bool skypefp_find_tcp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    enum stream_side sender = INITIATOR;

    if (!is_shown(packet)) {
        return false;
    }
    const struct stream *stream = skypefp_streams_find(&tracker->streams, packet, &sender);

    return stream != NULL && show(tracker, packet, stream, sender, sighting);
}
