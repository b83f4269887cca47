/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others add to the sum of an endpoint: whom it answered, and its host. */
#include "association.h"

/* An answer to a certain asker is kept for good, so that the verdict cannot fall. Others are remembered, as many as
 * there is room for, because they may become certain. */
void skypefp_endpoint_add_answered(skypefp_endpoint *endpoint, skypefp_endpoint *asker, uint32_t frame)
{
    if (endpoint->peer_frame != 0 || endpoint == asker) {
        return; /* its own peer would show nowhere: one that is certain needs no peer */
    }
    if (skypefp_own_verdict(asker) == SKYPEFP_CERTAIN) {
        endpoint->peer_frame = frame;
        return;
    }
    if (endpoint->has_left) {
        return; /* references between endpoints outside the table would keep each other alive */
    }
    if (endpoint->answered == NULL) {
        endpoint->answered = g_new0(struct answered, MAX_ANSWERED);
    }
    struct answered *place = NULL;
    for (unsigned i = 0; i < MAX_ANSWERED && place == NULL; i++) {
        const struct answered *answered = &endpoint->answered[i];
        if (answered->frame == 0) {
            place = &endpoint->answered[i];
        } else if (answered->asker == asker) {
            return;
        } else if (skypefp_own_verdict(answered->asker) == SKYPEFP_CERTAIN) {
            endpoint->peer_frame = answered->frame;
            return;
        }
    }
    if (place == NULL) {
        place = &endpoint->answered[frame % MAX_ANSWERED];
        skypefp_endpoint_unref(place->asker);
    }
    *place = (struct answered){ skypefp_endpoint_ref(asker), frame };
}

uint32_t skypefp_endpoint_peer_frame(const skypefp_endpoint *endpoint)
{
    if (endpoint->peer_frame != 0 || endpoint->answered == NULL) {
        return endpoint->peer_frame;
    }
    for (unsigned i = 0; i < MAX_ANSWERED && endpoint->answered[i].frame != 0; i++) {
        if (skypefp_own_verdict(endpoint->answered[i].asker) == SKYPEFP_CERTAIN) {
            return endpoint->answered[i].frame;
        }
    }
    return 0;
}

void skypefp_host_note(struct endpoint_table *hosts, skypefp_endpoint *endpoint, uint32_t frame, int64_t time_us)
{
    skypefp_address address = { endpoint->key.bytes, endpoint->key.len, 0, endpoint->key.scope };
    skypefp_endpoint *host = skypefp_endpoints_touch(hosts, &address, time_us);
    enum skypefp_verdict needed = endpoint->is_initiator ? SKYPEFP_LIKELY : SKYPEFP_CERTAIN;

    if (endpoint->host != host && (endpoint->host == NULL || endpoint->host->proof_frame == 0)) {
        if (endpoint->host != NULL) {
            skypefp_endpoint_unref(endpoint->host);
        }
        endpoint->host = skypefp_endpoint_ref(host);
    }
    if (skypefp_own_verdict(endpoint) >= needed) {
        if (host->proof_frame == 0) {
            host->proof_frame = frame;
            host->proof_us = time_us;
        }
        skypefp_endpoint_note_time(host, time_us);
    }
}

struct standing skypefp_standing(const struct endpoint_table *table, const skypefp_endpoint *endpoint)
{
    struct standing standing = { .bits = skypefp_own_bits(endpoint), .proof = endpoint->proof_frame };

    standing.verdict = skypefp_verdict_of(standing.bits);
    if (standing.verdict >= SKYPEFP_LIKELY) {
        return standing;
    }
    uint32_t peer_frame = table->associates ? skypefp_endpoint_peer_frame(endpoint) : 0;
    /* Without evidence of its own the host's bits make -5, which is no verdict either: this only keeps them from
     * being booked. */
    bool is_on_proven_host = table->asks_hosts && endpoint->is_initiator && endpoint->tallies != NULL &&
                             endpoint->host != NULL && endpoint->host->proof_frame != 0;

    if (peer_frame != 0) {
        skypefp_associate(&standing, peer_frame);
    } else if (is_on_proven_host) {
        skypefp_raise_by_host(&standing, endpoint->host->proof_frame);
    }
    return standing;
}
