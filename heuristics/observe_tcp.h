/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One segment, for observe.c. Private to the fingerprints. */
#ifndef SKYPEFP_OBSERVE_TCP_H
#define SKYPEFP_OBSERVE_TCP_H

#include "tracker.h"

/* A segment, whose addresses carry their scopes, in the first pass: true when there is something to show of it. The
 * sighting's frame and time are set, the rest is written. */
bool skypefp_observe_tcp(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

/* The same of one that was observed before; changes nothing. */
bool skypefp_find_tcp(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

#endif
