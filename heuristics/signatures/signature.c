/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What signatures of UDP ask for and add: memory of an endpoint, evidence, near misses. */
#include "signature.h"

#include "association.h"
#include "booking.h"
#include "open_spans.h"
#include "tracker.h"

void *skypefp_observation_memory(const struct observation *observation, skypefp_endpoint *endpoint)
{
    return skypefp_endpoint_memory(endpoint, observation->rule, skypefp_signatures[observation->rule]->memory_size);
}

void *skypefp_observation_room(const struct observation *observation, skypefp_endpoint *endpoint, size_t size)
{
    return skypefp_endpoint_memory(endpoint, observation->rule, size);
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

    struct proving proving = in_packet(observation->packet, offset, length);

    skypefp_finding_append(observation->finding, &evidence);
    book(observation->tracker, observation->src, &evidence, observation->packet->time_us, &proving);
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
        book(observation->tracker, finding->src, &evidence, finding->time_us, &(struct proving){ .octets = NULL });
    }
}

/* Marks a finding as checked and opens its pair around it. */
static void check_finding(struct skypefp_tracker *tracker, skypefp_finding *finding, struct pair *pair)
{
    unsigned side = skypefp_key_equal(&pair->end[0], &finding->src->key) ? 0 : 1;

    finding->check = SKYPEFP_CHECKED;
    finding->src->has_checked = true;
    if (finding->reply_in != 0) {
        skypefp_endpoint_add_answered(finding->dst, finding->src, finding->reply_in);
    }
    skypefp_pair_open(pair, side, finding->src, finding->time_us);
    skypefp_endpoint_note_time(finding->src, finding->time_us);
    skypefp_host_note(&tracker->hosts, finding->src, finding->frame, finding->time_us);
}

void skypefp_observation_check(const struct observation *observation)
{
    check_finding(observation->tracker, observation->finding, observation->pair);
}

void skypefp_observation_check_earlier(const struct observation *observation, struct finding_name earlier)
{
    skypefp_finding *finding = skypefp_findings_named(&observation->tracker->findings, earlier);

    if (finding != NULL && finding->check != SKYPEFP_CHECKED) {
        check_finding(observation->tracker, finding, pair_of(finding->contact));
    }
}

void skypefp_observation_misfit(const struct observation *observation, struct finding_name latest)
{
    skypefp_finding *finding = skypefp_findings_named(&observation->tracker->findings, latest);

    if (observation->finding->check == SKYPEFP_UNCHECKED) {
        observation->finding->check = SKYPEFP_MISFIT;
    }
    if (finding != NULL && finding->check == SKYPEFP_UNCHECKED) {
        finding->check = SKYPEFP_MISFIT;
    }
}

void skypefp_observation_copy(const struct observation *observation, struct finding_name earlier)
{
    observation->finding->copy_of = earlier.frame;
    observation->finding->copy_digest = earlier.digest;
}

void skypefp_observation_near(const struct observation *observation, const char *condition)
{
    if (observation->tracker->near_misses && observation->finding->near_miss == NULL) {
        observation->finding->near_miss = condition;
        observation->finding->near_miss_rule = observation->rule;
    }
}
