/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where epan's types end: packets become plain data for the fingerprints, findings come back.
 *
 * The tracker lives as long as the file (wmem_file_scope) and is made at the first packet. A packet is observed on the first
 * pass only; later passes look its finding up. */
#ifndef SKYPEFP_OBSERVE_H
#define SKYPEFP_OBSERVE_H

#include "compat.h"

#include "skypefp.h"

/* The capture's tracker, or NULL before the first packet. */
skypefp_tracker *skypefp_capture_tracker(void);

/* Observes a UDP payload that a heuristic was called with, or finds it again. False: nothing to see. */
bool skypefp_observe_payload(tvbuff_t *tvb, packet_info *pinfo, skypefp_sighting *sighting);

/* Observes the payload of a frame for which skypefp_observe_payload() was not called, or finds it again. False: nothing to
 * see. *payload_tvb: the payload. Ends the dissection of the frame: call it once, from the postdissector. */
bool skypefp_observe_frame(tvbuff_t *frame_tvb, packet_info *pinfo, skypefp_sighting *sighting, tvbuff_t **payload_tvb);

#endif
