/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a finding: tree, columns, expert info. Reads what is stored; the same on every pass. */
#ifndef SKYPEFP_PRESENT_H
#define SKYPEFP_PRESENT_H

#include "compat.h"

#include "skypefp.h"

/* Shows a packet's finding if its verdict reaches the threshold; returns whether it did. tvb: the payload. is_owner: the payload is
 * nobody else's, so the columns are ours; otherwise ours stands before what is there. */
bool skypefp_present(const skypefp_sighting *sighting, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_owner);

#endif
