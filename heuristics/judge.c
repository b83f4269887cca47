/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on a packet: whose evidence marks it, and whether it inherits.
 *
 * UDP: evidence of the sender in this datagram, or either endpoint at least likely on its own evidence; every finding has a
 * shape that inherits. TCP: a side with evidence in this conversation. That covers inheritance too: all the forms that a
 * proven responder labels in its other conversations are evidence, while a conversation without any is not marked. */
#include "association.h"
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

/* Takes the standing of one endpoint if it counts here and is stronger than what the judgement holds. */
static void judge_endpoint(const skypefp_tracker *tracker, const skypefp_sighting *sighting, bool is_dst,
                           skypefp_judgement *judgement)
{
    const skypefp_finding *finding = sighting->finding;
    const skypefp_endpoint *endpoint = is_dst ? finding->dst : finding->src;
    struct standing standing = skypefp_standing(&tracker->endpoints, endpoint);
    bool inherits = finding->transport == SKYPEFP_UDP && standing.verdict >= SKYPEFP_LIKELY && !standing.associated;

    if ((has_evidence_of(finding, is_dst) || inherits) && standing.verdict > judgement->verdict) {
        *judgement = (skypefp_judgement){
            .verdict = standing.verdict,
            .bits = standing.bits,
            .endpoint = endpoint,
            .proof = standing.proof,
            .inherited = !is_evidence_itself(sighting),
            .associated = standing.associated,
        };
    }
}

bool skypefp_judge(const skypefp_tracker *tracker, const skypefp_sighting *sighting, skypefp_judgement *judgement)
{
    *judgement = (skypefp_judgement){ .verdict = SKYPEFP_NONE };
    judge_endpoint(tracker, sighting, sighting->from_dst, judgement);
    judge_endpoint(tracker, sighting, !sighting->from_dst, judgement);
    return judgement->verdict != SKYPEFP_NONE;
}
