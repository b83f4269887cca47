/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of one capture. */
#include "tracker.h"

#include "association.h"

enum { DATAGRAMS_PER_STREAM = 10 }; /* what a kept conversation weighs: about a kilobyte */

skypefp_config skypefp_default_config(void)
{
    return (skypefp_config){
        .max_endpoints = 65536,
        .max_requests = 65536,
        .max_streams = 32768,
        .max_findings = 1000000,
    };
}

skypefp_tracker *skypefp_memory_new(const skypefp_config *config)
{
    skypefp_tracker *tracker = g_new0(skypefp_tracker, 1);

    skypefp_endpoints_init(&tracker->endpoints, config->max_endpoints, config->hash_seed);
    skypefp_requests_init(&tracker->requests, config->max_requests, config->hash_seed + 1);
    skypefp_bounced_init(&tracker->bounced, config->max_requests, config->hash_seed + 4);
    skypefp_findings_init(&tracker->findings, config->max_findings);
    skypefp_pairs_init(&tracker->pairs, config->max_endpoints, config->hash_seed + 5);
    skypefp_scopes_init(&tracker->scopes, config->hash_seed + 6);
    skypefp_streams_init(&tracker->streams, config->max_streams, config->max_findings / DATAGRAMS_PER_STREAM,
                         config->hash_seed + 2);
    skypefp_endpoints_init(&tracker->hosts, MAX_HOSTS, config->hash_seed + 3);
    tracker->disabled_groups = config->disabled_groups;
    tracker->near_misses = config->near_misses;
    tracker->endpoints.associates = tracker_allows(tracker, SKYPEFP_GROUP_PEER);
    tracker->endpoints.asks_hosts = tracker_allows(tracker, SKYPEFP_GROUP_HOST);
    tracker->software = g_array_new(FALSE, FALSE, sizeof(skypefp_host));
    tracker->shares.hash_key = skypefp_hash_key(0);
    return tracker;
}

void skypefp_tracker_free(skypefp_tracker *tracker)
{
    if (tracker == NULL) {
        return;
    }
    skypefp_streams_clear(&tracker->streams);
    skypefp_findings_clear(&tracker->findings);
    skypefp_pairs_clear(&tracker->pairs);
    skypefp_scopes_clear(&tracker->scopes);
    skypefp_requests_clear(&tracker->requests);
    skypefp_bounced_clear(&tracker->bounced);
    skypefp_endpoints_clear(&tracker->endpoints);
    skypefp_endpoints_clear(&tracker->hosts);
    g_array_free(tracker->software, TRUE);
    g_free(tracker->shares.slots);
    g_free(tracker);
}

skypefp_dropped skypefp_tracker_dropped(const skypefp_tracker *tracker)
{
    return (skypefp_dropped){
        .endpoints = tracker->endpoints.dropped,
        .requests = tracker->requests.dropped,
        .streams = tracker->streams.dropped,
        .findings = tracker->findings.dropped + tracker->streams.dropped_kept + tracker->pairs.dropped_stretches,
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

enum skypefp_verdict skypefp_endpoint_verdict(const skypefp_tracker *tracker, const skypefp_endpoint *endpoint,
                                              int *bits)
{
    struct standing standing = skypefp_standing(&tracker->endpoints, endpoint);

    if (bits != NULL) {
        *bits = standing.bits;
    }
    return standing.verdict;
}

const skypefp_host *skypefp_tracker_hosts(const skypefp_tracker *tracker, unsigned *n)
{
    *n = tracker->software->len;
    return (const skypefp_host *)(const void *)tracker->software->data;
}
