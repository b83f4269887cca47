/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who answered whom: what endpoint.peer adds to the sum of an endpoint. */
#include "association.h"

static bool is_certain(const struct endpoint_table *table, const struct endpoint_key *key)
{
    const skypefp_endpoint *endpoint = skypefp_endpoints_lookup(table, key);

    return endpoint != NULL && skypefp_own_verdict(endpoint) == SKYPEFP_CERTAIN;
}

/* An answer to a certain asker is kept for good, so that the verdict cannot fall. Others are remembered, as many as there is room
 * for, because they may become certain. */
void skypefp_endpoint_add_answered(const struct endpoint_table *table, skypefp_endpoint *endpoint,
                                   const skypefp_endpoint *asker, uint32_t frame)
{
    if (endpoint->peer_frame != 0) {
        return;
    }
    if (skypefp_own_verdict(asker) == SKYPEFP_CERTAIN) {
        endpoint->peer_frame = frame;
        return;
    }
    if (endpoint->answered == NULL) {
        endpoint->answered = g_new0(struct answered, MAX_ANSWERED);
    }
    for (unsigned i = 0; i < MAX_ANSWERED; i++) {
        if (endpoint->answered[i].frame == 0) {
            endpoint->answered[i] = (struct answered){ asker->key, frame };
            return;
        }
        if (skypefp_key_equal(&endpoint->answered[i].asker, &asker->key)) {
            return;
        }
        if (is_certain(table, &endpoint->answered[i].asker)) {
            endpoint->peer_frame = endpoint->answered[i].frame;
            return;
        }
    }
    endpoint->answered[frame % MAX_ANSWERED] = (struct answered){ asker->key, frame };
}

uint32_t skypefp_endpoint_peer_frame(const struct endpoint_table *table, const skypefp_endpoint *endpoint)
{
    if (endpoint->peer_frame != 0 || endpoint->answered == NULL) {
        return endpoint->peer_frame;
    }
    for (unsigned i = 0; i < MAX_ANSWERED && endpoint->answered[i].frame != 0; i++) {
        if (is_certain(table, &endpoint->answered[i].asker)) {
            return endpoint->answered[i].frame;
        }
    }
    return 0;
}

struct standing skypefp_standing(const struct endpoint_table *table, const skypefp_endpoint *endpoint)
{
    struct standing standing = { .bits = skypefp_own_bits(endpoint), .proof = endpoint->proof_frame };

    standing.verdict = skypefp_verdict_of(standing.bits);
    bool may_associate = table->associates && standing.verdict < SKYPEFP_LIKELY;
    uint32_t peer_frame = may_associate ? skypefp_endpoint_peer_frame(table, endpoint) : 0;

    if (peer_frame != 0) {
        skypefp_associate(&standing, peer_frame);
    }
    return standing;
}
