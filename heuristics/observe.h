/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet of each transport, for observe.c. Private to the fingerprints. */
#ifndef SKYPEFP_OBSERVE_H
#define SKYPEFP_OBSERVE_H

#include "tracker.h"

/* observe_udp.c: one datagram; its finding, or NULL when it does not have a shape of Skype's. */
const skypefp_finding *skypefp_observe_udp(skypefp_tracker *tracker, const skypefp_packet *packet);
const skypefp_finding *skypefp_find_udp(const skypefp_tracker *tracker, const skypefp_packet *packet);

/* observe_tcp.c: one segment; the finding of its conversation and its sender's side, or NULL. */
const skypefp_finding *skypefp_observe_tcp(skypefp_tracker *tracker, const skypefp_packet *packet, bool *from_dst);
const skypefp_finding *skypefp_find_tcp(const skypefp_tracker *tracker, const skypefp_packet *packet, bool *from_dst);

#endif
