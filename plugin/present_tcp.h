/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a TCP segment: what it is in its conversation, what the conversation is, and the frames that its marks
 * depend on. */
#ifndef SKYPEFP_PRESENT_TCP_H
#define SKYPEFP_PRESENT_TCP_H

#include "compat.h"

#include "observe.h"

/* What the segment shows, if it is evidence: "Fake TLS, not TLS"; otherwise what it is: "Skype, TCP conversation
 * proven in 274, data, 20 bytes". ", probed by Nmap …" with either for a known scanner's conversation. A constant,
 * or in pinfo->pool. */
const char *skypefp_describe_segment(const struct observed *observed, const skypefp_judgement *judgement,
                                     packet_info *pinfo);

/* Adds the conversation's faces, its probe and the segment's payload to the layer, of which item is the head, and
 * asks Wireshark to save the frames that open and end the conversation with the packet. is_owner: no other dissector
 * claims the payload. */
void skypefp_present_segment(const struct observed *observed, packet_info *pinfo, proto_tree *layer, proto_item *item,
                             bool is_owner);

/* Adds what the octets are that a rule looked at: seed, the two parts under one keystream and what cancelling gives,
 * padding. Parts that are not all in the packet are left out. tvb: the payload; tree: the rule's. */
void skypefp_present_parts(const skypefp_evidence *evidence, tvbuff_t *tvb, proto_tree *tree);

#endif
