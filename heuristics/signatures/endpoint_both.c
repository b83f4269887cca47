/* SPDX-License-Identifier: GPL-2.0-or-later */
/* endpoint.both: the same port answers on UDP and on TCP in Skype's shape.
 *
 * UDP: an ack, NAK or fragment with the id of a request. TCP: any evidence of the responder. Source: Conley 2009:
 * the listening port is the same on both; skype-irc.cap 562 and 790, 2111 and 2118. Weight: a convention; it counts
 * only beside what it joins. */
#include "signature.h"
#include "stream_signature.h"

enum { BOTH_BITS = 6 };

struct answers {
    uint32_t udp_frame; /* of an answer; 0: none yet */
    uint32_t tcp_frame;
    bool has_fired;
};

static void observe_answer(struct observation *observation)
{
    uint8_t function = observation->message->function;

    if (observation->request == NULL || function == SKYPEFP_FN_RESEND) {
        return;
    }
    struct answers *answers = skypefp_observation_memory(observation, observation->src);
    answers->udp_frame = observation->packet->frame;
    if (answers->tcp_frame != 0 && !answers->has_fired) {
        answers->has_fired = true;
        skypefp_observation_add(observation, BOTH_BITS, SKYPEFP_AT_ID, SKYPEFP_ANSWER_LEN, answers->tcp_frame, 0);
    }
}

static bool has_evidence_of_responder(const struct stream *stream)
{
    for (const skypefp_evidence *evidence = stream->finding.evidence; evidence != NULL; evidence = evidence->next) {
        if (evidence->of_dst) {
            return true;
        }
    }
    return false;
}

static void observe_responder(struct stream_observation *observation)
{
    if (!has_evidence_of_responder(observation->stream)) {
        return;
    }
    struct answers *answers = skypefp_endpoint_memory(skypefp_stream_endpoint(observation, RESPONDER),
                                                      observation->rule, sizeof(struct answers));
    answers->tcp_frame = stream_direction(observation, RESPONDER)->last_frame;
    if (answers->udp_frame != 0 && !answers->has_fired) {
        answers->has_fired = true;
        skypefp_stream_add(observation, RESPONDER, BOTH_BITS, 0, stream_direction(observation, RESPONDER)->n,
                           answers->udp_frame, 0);
    }
}

const struct signature skypefp_signature_endpoint_both = {
    .rule = {
        .key = "endpoint.both",
        .group = SKYPEFP_GROUP_PORT,
        .bits = BOTH_BITS,
        .basis = SKYPEFP_BASIS_CONVENTION,
        .reason = "counts beside others only",
        .sentence = "The same port answers on UDP and TCP",
        .source = "Conley 2009; skype-irc.cap 562 and 790, 2111 and 2118; a convention",
    },
    .memory_size = sizeof(struct answers),
    .observe_message = observe_answer,
    .observe_stream = observe_responder,
    .of_responders = true,
};
