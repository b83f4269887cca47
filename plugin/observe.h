/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where epan's types end: packets become plain data for the fingerprints, findings come back.
 *
 * The tracker lives as long as the capture is open (wmem_file_scope) and is created at its first packet. A packet is observed
 * on the first pass only; later passes look up its finding. */
#ifndef SKYPEFP_OBSERVE_H
#define SKYPEFP_OBSERVE_H

#include "compat.h"

#include "skypefp.h"

/* The capture's tracker, or NULL before the first packet. */
skypefp_tracker *skypefp_capture_tracker(void);

/* Observes a UDP payload that a heuristic was called with, or on a later pass finds it. Whether there is a finding; only then
 * *sighting is set. */
bool skypefp_observe_payload(tvbuff_t *tvb, packet_info *pinfo, skypefp_sighting *sighting);

/* Observes the payload of a frame for which skypefp_observe_payload() was not called, or on a later pass finds it. Whether there
 * is a finding; only then *sighting and *payload_tvb, the payload, are set. Ends the frame: call it once a frame, from the
 * postdissector. */
bool skypefp_observe_frame(tvbuff_t *frame_tvb, packet_info *pinfo, skypefp_sighting *sighting, tvbuff_t **payload_tvb);

#endif
