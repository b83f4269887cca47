/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One datagram's way: shape, endpoints, request, signatures, links. */
#include "association.h"
#include "checks.h"
#include "data_runs.h"
#include "observe_udp.h"
#include "signature.h"

/* The request whose id a message repeats: the sender's own for a resend, the receiver's for an answer. */
static struct request *find_request(const skypefp_tracker *tracker, const skypefp_message *message,
                                    const skypefp_endpoint *src, const skypefp_endpoint *dst)
{
    switch (message->function) {
    case SKYPEFP_FN_RESEND:
        return skypefp_requests_lookup(&tracker->requests, src, dst, message->id);
    case SKYPEFP_FN_ACK:
    case SKYPEFP_FN_NAK:
        return skypefp_requests_lookup(&tracker->requests, dst, src, message->id);
    case SKYPEFP_FN_FRAGMENT:
        return skypefp_requests_lookup(&tracker->requests, dst, src, message->request_id);
    default:
        return NULL;
    }
}

static void look_at_message(struct observation *observation)
{
    const struct lookers *lookers = &observation->tracker->lookers[LOOKER_MESSAGE];

    for (unsigned i = 0; i < lookers->n; i++) {
        observation->rule = lookers->rule[i];
        skypefp_signatures[observation->rule]->observe_message(observation);
    }
}

/* Ties an answer to what asked for it. */
static void link_answer(struct observation *observation, struct request *request)
{
    skypefp_finding *answer = observation->finding;
    skypefp_finding *asked = skypefp_findings_named(&observation->tracker->findings, request->asked);

    answer->request_in = request->asked.frame;
    answer->response_time_us = (int64_t)((uint64_t)answer->time_us - (uint64_t)request->time_us);
    if (asked != NULL && asked->reply_in == 0) {
        asked->reply_in = answer->frame;
    }
    if (observation->message->function == SKYPEFP_FN_NAK && observation->message->has_challenge) {
        request->nak = skypefp_finding_name(answer);
        request->challenge = observation->message->challenge;
        request->has_challenge = true;
    }
    if (asked != NULL && asked->check == SKYPEFP_CHECKED) {
        skypefp_endpoint_add_answered(observation->src, observation->dst, answer->frame);
    }
}

/* Ties a resend to its request and the NAK between; from now on it is the one that waits for an answer. */
static void link_resend(struct observation *observation, struct request *request)
{
    const struct finding_store *findings = &observation->tracker->findings;
    skypefp_finding *resend = observation->finding;
    skypefp_finding *asked = skypefp_findings_named(findings, request->asked);
    skypefp_finding *nak = skypefp_findings_named(findings, request->nak);

    resend->request_in = request->asked.frame;
    resend->response_time_us = (int64_t)((uint64_t)resend->time_us - (uint64_t)request->time_us);
    resend->nak_in = request->nak.frame;
    if (asked != NULL) {
        asked->resend_in = resend->frame;
    }
    if (nak != NULL) {
        nak->resend_in = resend->frame;
    }
    request->asked = skypefp_finding_name(resend);
    request->time_us = resend->time_us;
}

static void link_message(struct observation *observation, struct request *request)
{
    uint8_t function = observation->message->function;

    if (function == SKYPEFP_FN_PAYLOAD || (function == SKYPEFP_FN_RESEND && request == NULL)) {
        skypefp_requests_add(&observation->tracker->requests, observation->packet, observation->message,
                             observation->finding);
    } else if (request != NULL && function == SKYPEFP_FN_RESEND) {
        link_resend(observation, request);
    } else if (request != NULL) {
        link_answer(observation, request);
    }
}

static void observe_message(struct observation *observation)
{
    skypefp_tracker *tracker = observation->tracker;
    struct request *request = find_request(tracker, observation->message, observation->src, observation->dst);

    observation->request = request;
    observation->finding = skypefp_findings_add(&tracker->findings, observation->packet, observation->src,
                                                observation->dst, observation->pair);
    observation->finding->function = observation->message->function;
    observation->src->n_sent++;
    observation->dst->n_received++;
    look_at_message(observation);
    skypefp_check_message(observation);
    link_message(observation, request);
}

static bool show(skypefp_sighting *sighting, const skypefp_packet *packet, const skypefp_finding *finding,
                 unsigned side)
{
    *sighting = (skypefp_sighting){
        .finding = finding,
        .time_us = packet->time_us,
        .frame = packet->frame,
        .function = finding->function,
        .from_dst = finding->src == NULL && side != 0,
    };
    return true;
}

/* A message of one of the shapes other than data. */
static bool observe_shaped(skypefp_tracker *tracker, const skypefp_packet *packet, struct share *share,
                           skypefp_sighting *sighting)
{
    skypefp_message message = skypefp_message_parse(packet->data, packet->len, packet->wire_len);
    struct observation observation = {
        .tracker = tracker,
        .packet = packet,
        .message = &message,
        .src = skypefp_endpoints_touch(&tracker->endpoints, &packet->src, packet->time_us),
        .dst = skypefp_endpoints_touch(&tracker->endpoints, &packet->dst, packet->time_us),
        .high_share = share_is_high(share),
        .low_share = share_is_low(share),
    };

    if (skypefp_bounced_take(&tracker->bounced, packet, observation.src, observation.dst)) {
        return false;
    }
    observation.pair = skypefp_pairs_touch(&tracker->pairs, packet, false, &observation.side);
    skypefp_pair_count(observation.pair, packet, observation.side);
    skypefp_pair_add_other(observation.pair, packet->time_us);
    share_note_pair(share);
    observe_message(&observation);
    return show(sighting, packet, observation.finding, observation.side);
}

static void look_at_keepalive(struct observation *observation)
{
    const struct lookers *lookers = &observation->tracker->lookers[LOOKER_KEEPALIVE];

    for (unsigned i = 0; i < lookers->n; i++) {
        observation->rule = lookers->rule[i];
        skypefp_signatures[observation->rule]->observe_keepalive(observation);
    }
}

/* A data message: it counts in its pair, and has a finding of its own only when it is evidence. Only one of exactly
 * 3 octets makes its pair known. */
static bool observe_data(skypefp_tracker *tracker, const skypefp_packet *packet, struct share *share,
                         skypefp_sighting *sighting)
{
    bool is_keepalive = packet->wire_len == SKYPEFP_KEEPALIVE_LEN;
    struct observation observation = { .tracker = tracker, .packet = packet, .share = share };
    struct pair *pair = is_keepalive ? skypefp_pairs_touch(&tracker->pairs, packet, true, &observation.side)
                                     : skypefp_pairs_find(&tracker->pairs, packet, &observation.side);

    if (pair == NULL) {
        return false;
    }
    observation.pair = pair;
    share_note_pair(share);
    skypefp_pair_count(pair, packet, observation.side);
    skypefp_pair_add_data(pair, packet, observation.side, share_counts_others(share));
    if (is_keepalive) {
        look_at_keepalive(&observation);
    }
    return show(sighting, packet, observation.finding != NULL ? observation.finding : pair->data, observation.side);
}

/* A datagram without a shape, from a port that has a pair. */
static bool observe_other(const skypefp_tracker *tracker, const skypefp_packet *packet)
{
    unsigned side;
    struct pair *pair = skypefp_pairs_find(&tracker->pairs, packet, &side);

    if (pair != NULL) {
        skypefp_pair_add_other(pair, packet->time_us);
    }
    return false;
}

static bool observe_by_shape(skypefp_tracker *tracker, const skypefp_packet *packet, enum skypefp_function shape,
                             struct share *share, skypefp_sighting *sighting)
{
    switch (shape) {
    case SKYPEFP_FN_NONE:
        return share_counts_others(share) && observe_other(tracker, packet);
    case SKYPEFP_FN_DATA:
        return observe_data(tracker, packet, share, sighting);
    default:
        return observe_shaped(tracker, packet, share, sighting);
    }
}

/* A datagram of a port that signatures look at whatever the shape. */
static bool observe_watched(skypefp_tracker *tracker, const skypefp_packet *packet, enum skypefp_function shape,
                            struct share *share, skypefp_sighting *sighting)
{
    struct observation observation = { .tracker = tracker, .packet = packet };

    for (unsigned i = 0; i < tracker->lookers[LOOKER_PORT].n; i++) {
        observation.rule = tracker->lookers[LOOKER_PORT].rule[i];
        skypefp_signatures[observation.rule]->observe_port(&observation);
    }
    bool is_shown = observe_by_shape(tracker, packet, shape, share, sighting);

    return is_shown || (observation.finding != NULL && show(sighting, packet, observation.finding, 0));
}

bool skypefp_observe_noted(skypefp_tracker *tracker, const skypefp_packet *packet, enum skypefp_function shape,
                           struct share *share, skypefp_sighting *sighting)
{
    return share->notes & SHARE_IS_WATCHED ? observe_watched(tracker, packet, shape, share, sighting)
                                           : observe_by_shape(tracker, packet, shape, share, sighting);
}

bool skypefp_observe_possible(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    enum skypefp_function shape = skypefp_message_shape(packet->data, packet->len, packet->wire_len);
    uint32_t port_hash = hash_plain_address(&tracker->shares.hash_key, &packet->src);
    shares_begin(&tracker->shares);
    struct share *share = share_count(&tracker->shares, port_hash, shape != SKYPEFP_FN_NONE, first_notes(packet));

    if (share->notes == 0) {
        /* Data, by chance, whose pair is not known is nothing, too. */
        bool is_data = shape == SKYPEFP_FN_DATA && packet->wire_len != SKYPEFP_KEEPALIVE_LEN;
        if (shape == SKYPEFP_FN_NONE || (is_data && !pairs_may_have(&tracker->pairs, port_hash))) {
            return false;
        }
    }
    return skypefp_observe_noted(tracker, packet, shape, share, sighting);
}

bool skypefp_find_udp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    enum skypefp_function shape = skypefp_message_shape(packet->data, packet->len, packet->wire_len);
    unsigned side = 0;

    if (shape == SKYPEFP_FN_NONE && packet->src.port != SKYPEFP_PSTN_PORT) {
        return false;
    }
    const skypefp_finding *finding = shape != SKYPEFP_FN_DATA || packet->wire_len == SKYPEFP_KEEPALIVE_LEN
                                         ? skypefp_findings_of(&tracker->findings, packet)
                                         : NULL;
    if (finding != NULL) {
        return show(sighting, packet, finding, 0);
    }
    const struct pair *pair = shape == SKYPEFP_FN_DATA ? skypefp_pairs_find(&tracker->pairs, packet, &side) : NULL;

    /* What came before its pair was known was not counted, and is not shown. */
    return pair != NULL && pair->data != NULL && pair->data->frame <= packet->frame &&
           show(sighting, packet, pair->data, side);
}
