/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a TCP conversation: what it is. */
#ifndef SKYPEFP_PRESENT_TCP_H
#define SKYPEFP_PRESENT_TCP_H

#include "compat.h"

#include "skypefp.h"

/* "Fake TLS hello, not TLS". In pinfo->pool. */
const char *skypefp_describe_conversation(const skypefp_sighting *sighting, packet_info *pinfo);

/* Adds what it is to the layer, and declares the frames that the packet depends on. */
void skypefp_present_conversation(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
