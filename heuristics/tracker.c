/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of one capture, and the way of a packet through it. */
#include "tracker.h"

skypefp_config skypefp_default_config(void)
{
    return (skypefp_config){
        .max_endpoints = 65536,
        .max_requests = 65536,
        .max_streams = 32768,
        .max_findings = 1000000,
    };
}

skypefp_tracker *skypefp_tracker_new(const skypefp_config *config)
{
    skypefp_tracker *tracker = g_new0(skypefp_tracker, 1);

    skypefp_endpoints_init(&tracker->endpoints, config->max_endpoints, config->hash_seed);
    skypefp_requests_init(&tracker->requests, config->max_requests, config->hash_seed + 1);
    skypefp_findings_init(&tracker->findings, config->max_findings);
    tracker->shares.slots = g_new0(struct share, SHARE_SLOTS);
    return tracker;
}

void skypefp_tracker_free(skypefp_tracker *tracker)
{
    if (tracker == NULL) {
        return;
    }
    skypefp_findings_clear(&tracker->findings);
    skypefp_requests_clear(&tracker->requests);
    skypefp_endpoints_clear(&tracker->endpoints);
    g_free(tracker->shares.slots);
    g_free(tracker);
}

const skypefp_finding *skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet)
{
    if (!is_ip_address(&packet->src) || !is_ip_address(&packet->dst)) {
        return NULL;
    }
    return packet->transport == SKYPEFP_UDP ? skypefp_observe_udp(tracker, packet) : NULL;
}

const skypefp_finding *skypefp_find(const skypefp_tracker *tracker, const skypefp_packet *packet)
{
    if (!is_ip_address(&packet->src) || !is_ip_address(&packet->dst) ||
        (packet->transport == SKYPEFP_UDP && !skypefp_udp_has_shape(packet))) {
        return NULL;
    }
    return skypefp_findings_of(&tracker->findings, packet);
}

bool skypefp_judge(const skypefp_tracker *tracker, const skypefp_finding *finding, skypefp_judgement *judgement)
{
    *judgement = (skypefp_judgement){ .verdict = SKYPEFP_NONE };
    skypefp_judge_udp(tracker, finding, judgement);
    return judgement->verdict != SKYPEFP_NONE;
}

skypefp_dropped skypefp_tracker_dropped(const skypefp_tracker *tracker)
{
    return (skypefp_dropped){
        .endpoints = tracker->endpoints.dropped,
        .requests = tracker->requests.dropped,
        .findings = tracker->findings.dropped,
    };
}

const skypefp_endpoint *skypefp_endpoint_find(const skypefp_tracker *tracker, const skypefp_address *address)
{
    if (!is_ip_address(address)) {
        return NULL;
    }
    struct endpoint_key key = skypefp_key(&tracker->endpoints.hash_key, address);

    return skypefp_endpoints_lookup(&tracker->endpoints, &key);
}

enum skypefp_verdict skypefp_endpoint_verdict(const skypefp_tracker *tracker, const skypefp_endpoint *endpoint, int *bits)
{
    struct standing standing = skypefp_standing(&tracker->endpoints, endpoint);

    if (bits != NULL) {
        *bits = standing.bits;
    }
    return standing.verdict;
}
