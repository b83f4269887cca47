/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a finding: tree, columns, expert info.
 *
 * Everything comes from what the tracker stored; nothing is decided here, so the same packet looks the same on every pass. */
#ifndef SKYPEFP_PRESENT_H
#define SKYPEFP_PRESENT_H

#include "compat.h"

#include "skypefp.h"

/* Shows a packet's finding if its verdict reaches the preferred threshold, and returns whether it did. Below it only notes are
 * added, beside the other layers (tcp.unjudged, near misses).
 * tvb: the payload, of at least 0 captured octets. is_owner: no other dissector claims it, so both columns are ours; otherwise our
 * text precedes what is in the Info column. */
bool skypefp_present(const skypefp_sighting *sighting, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_owner);

#endif
