/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on a packet: whose evidence marks it, and whether it inherits.
 *
 * A datagram is marked by its sender's evidence in it, if that agrees with what is known of the sender, and in an
 * open pair by what is proven of its ends (contact.h). A segment is marked by a side with evidence in its
 * conversation. That covers inheritance too: all the forms that a proven responder labels in its other conversations
 * are evidence, while a conversation without any is not marked. */
#include "association.h"
#include "message.h"
#include "open_spans.h"
#include "tracker.h"

static bool has_evidence_of(const skypefp_finding *finding, bool of_dst)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (evidence->of_dst == of_dst) {
            return true;
        }
    }
    return false;
}

static bool is_evidence_itself(const skypefp_sighting *sighting)
{
    for (const skypefp_evidence *evidence = sighting->finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (evidence->frame == sighting->frame) {
            return true;
        }
    }
    return false;
}

/* Takes the standing of an endpoint if it is stronger than what the judgement holds. */
static void take_standing(const skypefp_sighting *sighting, const skypefp_endpoint *endpoint,
                          const struct standing *standing, skypefp_judgement *judgement)
{
    if (standing->verdict > judgement->verdict) {
        *judgement = (skypefp_judgement){
            .verdict = standing->verdict,
            .bits = standing->bits,
            .endpoint = endpoint,
            .proof = standing->proof,
            .inherited = !is_evidence_itself(sighting),
            .associated = standing->associated,
            .on_proven_host = standing->on_proven_host,
        };
    }
}

/* Takes what an endpoint is by its own evidence, in an open pair. */
static void inherit(const skypefp_tracker *tracker, const skypefp_sighting *sighting, const skypefp_endpoint *endpoint,
                    skypefp_judgement *judgement)
{
    struct standing standing = skypefp_standing(&tracker->endpoints, endpoint);

    if (standing.verdict >= SKYPEFP_LIKELY && !standing.associated) {
        take_standing(sighting, endpoint, &standing, judgement);
    }
}

/* What the check of a message gave; of a copy, what it gave for the first one. */
static enum skypefp_check find_check(const skypefp_tracker *tracker, const skypefp_finding *finding)
{
    struct finding_name name = { finding->copy_of, finding->copy_digest };
    const skypefp_finding *first = name.frame != 0 ? skypefp_findings_named(&tracker->findings, name) : NULL;

    return first != NULL && finding->check == SKYPEFP_UNCHECKED ? first->check : finding->check;
}

static bool is_proven(const skypefp_endpoint *endpoint)
{
    return skypefp_own_verdict(endpoint) >= SKYPEFP_LIKELY;
}

static void give_reason(const skypefp_tracker *tracker, skypefp_judgement *judgement, const char *reason)
{
    judgement->reason = tracker->near_misses ? reason : NULL;
}

/* A message with endpoints of its own. Evidence that nothing can check, a repeated CRC or a counting id, marks
 * outside open pairs only while its sender has shown nothing better. */
static void judge_message(const skypefp_tracker *tracker, const skypefp_sighting *sighting,
                          skypefp_judgement *judgement)
{
    const skypefp_finding *finding = sighting->finding;
    const skypefp_endpoint *src = finding->src, *dst = finding->dst;
    struct opening opening = skypefp_pair_opening(pair_of(finding->contact), finding->time_us);
    enum skypefp_check check = find_check(tracker, finding);

    if (check == SKYPEFP_MISFIT && skypefp_endpoint_has_own_generator(src)) {
        give_reason(tracker, judgement, "the IV is not its generator's next");
        return;
    }
    if (check == SKYPEFP_FOREIGN) {
        give_reason(tracker, judgement, "another payload of this pair has its id, and not its content");
        return;
    }
    if (has_evidence_of(finding, false) && (check == SKYPEFP_CHECKED || !src->has_checked || opening.by != NULL)) {
        struct standing standing = skypefp_standing(&tracker->endpoints, src);
        take_standing(sighting, src, &standing, judgement);
    }
    if (opening.by != NULL) {
        inherit(tracker, sighting, src, judgement);
        inherit(tracker, sighting, dst, judgement);
        inherit(tracker, sighting, opening.by, judgement);
    } else if (judgement->verdict == SKYPEFP_NONE && (is_proven(src) || is_proven(dst))) {
        give_reason(tracker, judgement, "no checked message of a proven end within 10 minutes in this pair");
    }
}

static void judge_data(const skypefp_tracker *tracker, const skypefp_sighting *sighting, skypefp_judgement *judgement)
{
    struct opening opening = skypefp_pair_data_opening(pair_of(sighting->finding->contact), sighting->time_us);

    if (opening.by != NULL) {
        inherit(tracker, sighting, opening.by, judgement);
    }
}

/* Whether something was found at the ends of a conversation: of the responder, or of the initiator's host. */
static bool is_suspected(const skypefp_tracker *tracker, const struct stream *stream)
{
    skypefp_address responder = key_address(&stream->key[RESPONDER]), host = key_address(&stream->key[INITIATOR]);

    host.port = 0;
    struct endpoint_key responder_key = skypefp_key(&tracker->endpoints.hash_key, &responder);
    struct endpoint_key host_key = skypefp_key(&tracker->hosts.hash_key, &host);
    const skypefp_endpoint *endpoint = skypefp_endpoints_lookup(&tracker->endpoints, &responder_key);
    const skypefp_endpoint *initiator = skypefp_endpoints_lookup(&tracker->hosts, &host_key);

    return (endpoint != NULL && endpoint->tallies != NULL) || (initiator != NULL && initiator->proof_frame != 0);
}

static void judge_side(const skypefp_tracker *tracker, const skypefp_sighting *sighting, bool is_dst,
                       skypefp_judgement *judgement)
{
    const skypefp_endpoint *endpoint = is_dst ? sighting->finding->dst : sighting->finding->src;

    if (has_evidence_of(sighting->finding, is_dst)) {
        struct standing standing = skypefp_standing(&tracker->endpoints, endpoint);
        take_standing(sighting, endpoint, &standing, judgement);
    }
}

bool skypefp_judge(const skypefp_tracker *tracker, const skypefp_sighting *sighting, skypefp_judgement *judgement)
{
    *judgement = (skypefp_judgement){ .verdict = SKYPEFP_NONE };
    if (sighting->finding->transport == SKYPEFP_TCP) {
        judge_side(tracker, sighting, sighting->from_dst, judgement);
        judge_side(tracker, sighting, !sighting->from_dst, judgement);
        if (judgement->verdict == SKYPEFP_NONE && sighting->finding->unjudged != NULL &&
            is_suspected(tracker, stream_of(sighting->finding))) {
            judgement->unjudged = sighting->finding->unjudged;
        }
    } else if (sighting->finding->src == NULL) {
        judge_data(tracker, sighting, judgement);
    } else {
        judge_message(tracker, sighting, judgement);
    }
    return judgement->verdict != SKYPEFP_NONE;
}
