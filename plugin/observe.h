/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where epan's types end: packets become plain data for the fingerprints, findings come back.
 *
 * The tracker lives as long as the capture is open (wmem_file_scope) and is created at its first packet. A packet is
 * observed on the first pass only; later passes look up its finding. */
#ifndef SKYPEFP_OBSERVE_H
#define SKYPEFP_OBSERVE_H

#include "compat.h"

#include "skypefp.h"

/* The capture's tracker, or NULL before the first packet. */
skypefp_tracker *skypefp_capture_tracker(void);

/* A packet with a finding. */
struct observed {
    skypefp_sighting sighting;
    skypefp_packet packet; /* borrows the frame's octets */
    tvbuff_t *tvb;         /* its payload */
};

/* Looks up the protocols it has to know; call it from the handoff. */
void skypefp_observe_init(void);

/* What a heuristic was called with: observes it, or on a later pass finds it. Whether there is a finding; only then
 * *observed is set. A datagram always is a whole payload. A segment is passed over, for the postdissector, when the
 * buffer is only a part of it, or several segments put together; then, too, the result is false. */
bool skypefp_observe_datagram(tvbuff_t *tvb, packet_info *pinfo, struct observed *observed);
bool skypefp_observe_segment(tvbuff_t *tvb, packet_info *pinfo, struct observed *observed);

/* Leaves what the heuristic has just observed to the postdissector: a heuristic that does not claim a packet may
 * show nothing, because on a later pass Wireshark does not call it again when another dissector has claimed the
 * packet. */
void skypefp_observe_leave(void);

/* Observes the innermost payload of a frame, or on a later pass finds it, unless a heuristic was called with it and
 * did not leave it. Whether there is a finding to show; only then *observed is set. Ends the frame: call it once a
 * frame, from the postdissector. */
bool skypefp_observe_frame(tvbuff_t *frame_tvb, packet_info *pinfo, struct observed *observed);

#endif
