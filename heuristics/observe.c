/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a packet goes to what observes its transport. */
#include "observe_tcp.h"
#include "observe_udp.h"

/* A packet whose addresses carry their scopes; nearly always the packet itself. */
static const skypefp_packet *resolve_scopes(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_packet *resolved)
{
    if (packet->scope == 0) {
        return packet;
    }
    *resolved = *packet;
    skypefp_scopes_resolve(&tracker->scopes, resolved);
    return resolved;
}

static void begin_sighting(const skypefp_packet *packet, skypefp_sighting *sighting)
{
    *sighting = (skypefp_sighting){ .frame = packet->frame, .time_us = packet->time_us };
}

bool skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    skypefp_packet resolved;

    if (!has_ip_addresses(packet)) {
        return false;
    }
    begin_sighting(packet, sighting);
    packet = resolve_scopes(tracker, packet, &resolved);
    return packet->transport == SKYPEFP_UDP ? skypefp_observe_udp(tracker, packet, sighting)
                                            : skypefp_observe_tcp(tracker, packet, sighting);
}

bool skypefp_find(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    skypefp_packet resolved;

    if (!has_ip_addresses(packet)) {
        return false;
    }
    begin_sighting(packet, sighting);
    packet = resolve_scopes(tracker, packet, &resolved);
    return packet->transport == SKYPEFP_UDP ? skypefp_find_udp(tracker, packet, sighting)
                                            : skypefp_find_tcp(tracker, packet, sighting);
}
