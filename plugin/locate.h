/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the TCP segment or UDP datagram of a frame when no heuristic was called with it.
 *
 * No second packet parser: Wireshark's IP dissectors leave the addresses of the innermost IP header in pinfo, so the
 * header is found around them, after any link layers and tunnels. */
#ifndef SKYPEFP_LOCATE_H
#define SKYPEFP_LOCATE_H

#include "compat.h"

#include "skypefp.h"

/* Where a payload was located. */
struct located {
    tvbuff_t *tvb;     /* data source that holds the payload */
    int offset;        /* of the payload in it */
    bool is_outermost; /* no other IP header encloses its own; false: one may */
};

/* Locates the innermost TCP or UDP payload of a frame; *packet: everything but frame, time and scope, borrowed from
 * the frame's octets. False: none, an IP fragment that was not reassembled, quoted by an ICMP error, or headers that
 * were not captured whole. frame_tvb: the frame, or another data source that is looked at first. Never throws. */
bool skypefp_locate_any(packet_info *pinfo, tvbuff_t *frame_tvb, skypefp_packet *packet, struct located *located);

/* Whether the packet is one that an ICMP error quotes: it is not a new message, and pinfo shows its addresses all the
 * same. */
bool skypefp_is_quoted(const packet_info *pinfo);

/* Looks up the protocols it has to know; call it from the handoff. */
void skypefp_locate_init(void);

#endif
