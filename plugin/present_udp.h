/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a UDP message: its fields, its links to other frames, and a line of text.
 *
 * tvb: the datagram's payload. It has one of the shapes in message.h, or it is voice of a gateway of SkypeOut, which has
 * no fields. A field that was not captured is left out. */
#ifndef SKYPEFP_PRESENT_UDP_H
#define SKYPEFP_PRESENT_UDP_H

#include "compat.h"

#include "skypefp.h"

/* "NAK, sees 192.0.2.1, answers 214". A constant, or in pinfo->pool. */
const char *skypefp_describe_message(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo);

/* Adds the message's fields to the layer, then the requests and replies it belongs to, as links to their frames. */
void skypefp_present_message(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
