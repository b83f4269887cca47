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

/* The notes of a port with its first datagram: whether signatures look at what it sends whatever the shape. */
static inline uint8_t first_notes(const skypefp_packet *packet)
{
    return packet->dst.port == SKYPEFP_DNS_PORT || packet->src.port == SKYPEFP_PSTN_PORT ? SHARE_IS_WATCHED : 0;
}

/* A datagram that may have a shape, or comes over IPv6, or is the first one. */
bool skypefp_observe_possible(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

/* A datagram, whose addresses carry their scopes, in the first pass: true when there is something to show of it. The
 * sighting is written then, and only then. This is the fast path: most datagrams go no further. */
static inline bool skypefp_observe_udp(skypefp_tracker *tracker, const skypefp_packet *packet,
                                       skypefp_sighting *sighting)
{
    if (packet->src.len != SKYPEFP_IPV4_LEN || tracker->shares.slots == NULL ||
        skypefp_message_may_have_shape(packet->data, packet->len)) {
        return skypefp_observe_possible(tracker, packet, sighting);
    }
    uint32_t port_hash = hash_plain_address(&tracker->shares.hash_key, &packet->src);
    struct share *share = share_count(&tracker->shares, port_hash, false, first_notes(packet));

    return share->notes != 0 && skypefp_observe_noted(tracker, packet, SKYPEFP_FN_NONE, share, sighting);
}

/* The same of one that was observed before; changes nothing. */
bool skypefp_find_udp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

#endif
