/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a packet goes to what observes its transport. */
#include "observe_tcp.h"
#include "observe_udp.h"

static bool observe_by_transport(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    return packet->transport == SKYPEFP_UDP ? skypefp_observe_udp(tracker, packet, sighting)
                                            : skypefp_observe_tcp(tracker, packet, sighting);
}

static bool find_by_transport(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    return packet->transport == SKYPEFP_UDP ? skypefp_find_udp(tracker, packet, sighting)
                                            : skypefp_find_tcp(tracker, packet, sighting);
}

/* A packet from a VLAN or tunnel. Apart, because most are from neither, and the copy takes room. */
G_GNUC_NO_INLINE static bool observe_in_scope(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    skypefp_packet resolved = *packet;

    skypefp_scopes_resolve(&tracker->scopes, &resolved);
    return observe_by_transport(tracker, &resolved, sighting);
}

G_GNUC_NO_INLINE static bool find_in_scope(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    skypefp_packet resolved = *packet;

    skypefp_scopes_resolve(&tracker->scopes, &resolved);
    return find_by_transport(tracker, &resolved, sighting);
}

bool skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    if (!has_ip_addresses(packet)) {
        return false;
    }
    return packet->scope != 0 ? observe_in_scope(tracker, packet, sighting) : observe_by_transport(tracker, packet, sighting);
}

bool skypefp_find(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    if (!has_ip_addresses(packet)) {
        return false;
    }
    return packet->scope != 0 ? find_in_scope(tracker, packet, sighting) : find_by_transport(tracker, packet, sighting);
}
