/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a packet goes to what observes its transport. */
#include "lookers.h"
#include "observe_tcp.h"
#include "observe_udp.h"

skypefp_tracker *skypefp_tracker_new(const skypefp_config *config)
{
    skypefp_tracker *tracker = skypefp_memory_new(config);

    skypefp_lookers_list(tracker);
    return tracker;
}

skypefp_packet skypefp_resolve(const skypefp_tracker *tracker, const skypefp_packet *packet)
{
    skypefp_packet resolved = *packet;

    if (has_ip_addresses(packet)) {
        skypefp_scopes_resolve(&tracker->scopes, &resolved);
    }
    resolved.scope = 0;
    return resolved;
}

/* Apart, because most packets are from no VLAN or tunnel, and the copy takes room. */
G_GNUC_NO_INLINE static bool observe_in_scope(skypefp_tracker *tracker, const skypefp_packet *packet,
                                              skypefp_sighting *sighting)
{
    skypefp_packet resolved = skypefp_resolve(tracker, packet);

    return skypefp_observe(tracker, &resolved, sighting);
}

bool skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    if (!has_ip_addresses(packet)) {
        return false;
    }
    if (packet->scope != 0) {
        return observe_in_scope(tracker, packet, sighting);
    }
    return packet->transport == SKYPEFP_UDP ? skypefp_observe_udp(tracker, packet, sighting)
                                            : skypefp_observe_tcp(tracker, packet, sighting);
}

bool skypefp_find(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    if (!has_ip_addresses(packet)) {
        return false;
    }
    if (packet->scope != 0) {
        skypefp_packet resolved = skypefp_resolve(tracker, packet);
        return skypefp_find(tracker, &resolved, sighting);
    }
    return packet->transport == SKYPEFP_UDP ? skypefp_find_udp(tracker, packet, sighting)
                                            : skypefp_find_tcp(tracker, packet, sighting);
}
