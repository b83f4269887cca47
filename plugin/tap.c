/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tap "skypefp". */
#include "tap.h"

int skypefp_tap = -1;

void skypefp_tap_register(void)
{
    skypefp_tap = register_tap("skypefp");
}

void skypefp_tap_packet(packet_info *pinfo, const skypefp_tracker *tracker, const skypefp_packet *packet,
                        const skypefp_sighting *sighting)
{
    struct tapped *tapped = wmem_new0(pinfo->pool, struct tapped);

    tapped->packet = *packet;
    if (packet->scope != 0) {
        skypefp_packet resolved = skypefp_resolve(tracker, packet);
        tapped->packet.src = resolved.src;
        tapped->packet.dst = resolved.dst;
    }
    tapped->is_found = sighting != NULL;
    if (sighting != NULL) {
        tapped->sighting = *sighting;
    }
    tapped->is_first_pass = !PINFO_FD_VISITED(pinfo);
    tap_queue_packet(skypefp_tap, pinfo, tapped);
}
