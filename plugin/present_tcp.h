/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a TCP conversation: what it is, and the frames that its marks depend on. */
#ifndef SKYPEFP_PRESENT_TCP_H
#define SKYPEFP_PRESENT_TCP_H

#include "compat.h"

#include "skypefp.h"

/* "Fake TLS, not TLS", with ", probed by Nmap …" for a known scanner's. A constant, or in pinfo->pool. */
const char *skypefp_describe_conversation(const skypefp_sighting *sighting, packet_info *pinfo);

/* Adds each face and the probe to the layer, and asks Wireshark to save the frames that open and end the conversation with the
 * packet. */
void skypefp_present_conversation(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
