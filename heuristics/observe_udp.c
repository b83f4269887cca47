/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One datagram's way: shape, endpoints, request, signatures, links. */
#include "association.h"
#include "observe.h"
#include "signature.h"

const skypefp_finding *skypefp_find_udp(const skypefp_tracker *tracker, const skypefp_packet *packet)
{
    enum skypefp_function shape = skypefp_message_shape(packet->data, packet->len, packet->wire_len);

    return shape == SKYPEFP_FN_NONE || shape == SKYPEFP_FN_AUDIO ? NULL : skypefp_findings_of(&tracker->findings, packet);
}

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
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (skypefp_signatures[i]->observe_message != NULL &&
            tracker_allows(observation->tracker, skypefp_signatures[i]->rule.group)) {
            observation->rule = (uint8_t)i;
            skypefp_signatures[i]->observe_message(observation);
        }
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
    skypefp_endpoint_add_answered(&observation->tracker->endpoints, observation->src, observation->dst, answer->frame);
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
        skypefp_requests_add(&observation->tracker->requests, observation->packet, observation->message, observation->finding);
    } else if (request != NULL && function == SKYPEFP_FN_RESEND) {
        link_resend(observation, request);
    } else if (request != NULL) {
        link_answer(observation, request);
    }
}

/* A datagram that has a shape. Apart from the fast path, which then saves no registers. */
G_GNUC_NO_INLINE static const skypefp_finding *observe_shaped(skypefp_tracker *tracker, const skypefp_packet *packet,
                                                               uint32_t port_hash)
{
    skypefp_message message = skypefp_message_parse(packet->data, packet->len, packet->wire_len);
    struct observation observation = {
        .tracker = tracker,
        .packet = packet,
        .message = &message,
        .src = skypefp_endpoints_touch(&tracker->endpoints, &packet->src),
        .dst = skypefp_endpoints_touch(&tracker->endpoints, &packet->dst),
        .high_share = share_is_high(&tracker->shares, port_hash),
    };

    if (skypefp_returns_take(&tracker->returns, packet, observation.src, observation.dst)) {
        return NULL;
    }
    struct request *request = find_request(tracker, &message, observation.src, observation.dst);

    observation.request = request;
    observation.finding = skypefp_findings_add(&tracker->findings, packet, observation.src, observation.dst);
    observation.finding->function = message.function;
    observation.src->n_sent++;
    observation.dst->n_received++;
    look_at_message(&observation);
    link_message(&observation, request);
    return observation.finding;
}

const skypefp_finding *skypefp_observe_udp(skypefp_tracker *tracker, const skypefp_packet *packet)
{
    enum skypefp_function shape = skypefp_message_shape(packet->data, packet->len, packet->wire_len);
    uint32_t port_hash = hash_address(&tracker->shares.hash_key, &packet->src);

    share_count(&tracker->shares, port_hash, shape != SKYPEFP_FN_NONE);
    return shape == SKYPEFP_FN_NONE || shape == SKYPEFP_FN_AUDIO ? NULL : observe_shaped(tracker, packet, port_hash);
}
