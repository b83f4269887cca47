/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the contact that a datagram belongs to: who, when, how much, and what its data is consistent with. */
#ifndef SKYPEFP_PRESENT_CONTACT_H
#define SKYPEFP_PRESENT_CONTACT_H

#include "compat.h"

#include "observe.h"

/* Adds the contact to the layer; in the first pass as far as it is known. Nothing for a datagram without one,
 * nor for voice of a gateway of SkypeOut, which is not a message. */
void skypefp_present_contact(const struct observed *observed, packet_info *pinfo, proto_tree *layer);

#endif
