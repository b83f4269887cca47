/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the TCP segment or UDP datagram of a frame when no heuristic was called with it.
 *
 * No second packet parser: Wireshark's IP dissectors leave the addresses of the innermost IP header in pinfo, so the
 * header is found around them, after any link layers and tunnels. */
#ifndef SKYPEFP_LOCATE_H
#define SKYPEFP_LOCATE_H

#include "compat.h"

#include "skypefp.h"

/* A located payload. packet: everything but frame and time, borrowed from the frame's octets. */
struct located {
    skypefp_packet packet;
    tvbuff_t *tvb; /* data source that holds the payload */
    int offset;    /* of the payload in it */
};

/* Locates the innermost TCP or UDP payload of a frame. False: none, an IP fragment that was not reassembled, quoted
 * by an ICMP error, or headers that were not captured whole. frame_tvb: the frame. Never throws. */
bool skypefp_locate(packet_info *pinfo, tvbuff_t *frame_tvb, struct located *located);

/* Looks up the protocols it has to know; call it from the handoff. */
void skypefp_locate_init(void);

#endif
