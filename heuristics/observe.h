/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet of each transport, for observe.c. Private to the fingerprints. */
#ifndef SKYPEFP_OBSERVE_H
#define SKYPEFP_OBSERVE_H

#include "tracker.h"

/* One datagram or segment, whose addresses carry their scopes, in the first pass: true when there is something to show of it. The
 * sighting's frame and time are set, the rest is written. The same of one that was observed before; changes nothing. */
bool skypefp_observe_udp(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);
bool skypefp_find_udp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);
bool skypefp_observe_tcp(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);
bool skypefp_find_tcp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

#endif
