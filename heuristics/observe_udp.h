/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One datagram, for observe.c. Private to the fingerprints. */
#ifndef SKYPEFP_OBSERVE_UDP_H
#define SKYPEFP_OBSERVE_UDP_H

#include "message.h"
#include "record.h"
#include "tracker.h"

/* A datagram that has a shape, or whose source port has notes; the rest as below. */
bool skypefp_observe_noted(skypefp_tracker *tracker, const skypefp_packet *packet, enum skypefp_function shape,
                           struct share *share, skypefp_sighting *sighting);

/* Whether signatures look at a datagram whatever its shape. */
static inline bool is_watched(const skypefp_packet *packet)
{
    return packet->dst.port == SKYPEFP_DNS_PORT || packet->src.port == SKYPEFP_PSTN_PORT;
}

/* A datagram, whose addresses carry their scopes, in the first pass: true when there is something to show of it. The
 * sighting is written then, and only then. This is the fast path: most datagrams go no further. */
static inline bool skypefp_observe_udp(skypefp_tracker *tracker, const skypefp_packet *packet,
                                       skypefp_sighting *sighting)
{
    enum skypefp_function shape = skypefp_message_shape(packet->data, packet->len, packet->wire_len);
    uint32_t port_hash = hash_plain_address(&tracker->shares.hash_key, &packet->src);
    struct share *share = share_count(&tracker->shares, port_hash, shape != SKYPEFP_FN_NONE);

    if (G_LIKELY(share->notes == 0)) {
        /* Data, by chance, whose pair is not known is nothing, too. */
        bool is_data = shape == SKYPEFP_FN_DATA && packet->wire_len != SKYPEFP_KEEPALIVE_LEN;
        if (shape == SKYPEFP_FN_NONE || (is_data && !pairs_may_have(&tracker->pairs, port_hash))) {
            return false;
        }
    } else if (share->notes == SHARE_IS_NEW && shape == SKYPEFP_FN_NONE && !is_watched(packet)) {
        share->notes = 0;
        return false;
    }
    return skypefp_observe_noted(tracker, packet, shape, share, sighting);
}

/* The same of one that was observed before; changes nothing. */
bool skypefp_find_udp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

#endif
