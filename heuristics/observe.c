/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a packet goes to what observes its transport. */
#include "observe.h"

bool skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    if (!has_ip_addresses(packet)) {
        return false;
    }
    sighting->frame = packet->frame;
    sighting->from_dst = false;
    sighting->finding = packet->transport == SKYPEFP_UDP ? skypefp_observe_udp(tracker, packet)
                                                         : skypefp_observe_tcp(tracker, packet, &sighting->from_dst);
    return sighting->finding != NULL;
}

bool skypefp_find(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    if (!has_ip_addresses(packet)) {
        return false;
    }
    sighting->frame = packet->frame;
    sighting->from_dst = false;
    sighting->finding = packet->transport == SKYPEFP_UDP ? skypefp_find_udp(tracker, packet)
                                                         : skypefp_find_tcp(tracker, packet, &sighting->from_dst);
    return sighting->finding != NULL;
}
