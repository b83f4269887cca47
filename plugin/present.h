/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a finding: tree, columns, expert info.
 *
 * Everything comes from what the tracker stored; nothing is decided here, so the same packet looks the same on every
 * pass. */
#ifndef SKYPEFP_PRESENT_H
#define SKYPEFP_PRESENT_H

#include "compat.h"

#include "observe.h"

/* Shows an observed packet if its verdict reaches the preferred threshold, and returns whether it did. is_owner: no
 * other dissector claims the payload, so both columns are ours; otherwise our text precedes what is in the Info
 * column. */
bool skypefp_present(const struct observed *observed, packet_info *pinfo, proto_tree *tree, bool is_owner);

/* Notes on a packet that is not marked: why its conversation could not be judged, near misses. They are beside the
 * other layers, so that the filter skypefp does not match them. Only for the postdissector: what a heuristic adds to
 * a packet that it does not claim is lost on later passes. */
bool skypefp_has_notes(const struct observed *observed);
void skypefp_present_notes(const struct observed *observed, packet_info *pinfo, proto_tree *tree);

#endif
