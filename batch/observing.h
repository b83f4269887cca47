/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One capture on its way through decode/ and heuristics/, and its document. */
#ifndef BATCH_OBSERVING_H
#define BATCH_OBSERVING_H

#include "frames.h"

#include "services.h"

#include <json-glib/json-glib.h>

struct observing {
    skypefp_decoder *decoder;
    skypefp_tracker *tracker;
    skypefp_services *services;
    skypefp_config config;
    uint32_t n_frames; /* stays at its largest value */
    uint32_t n_cut;    /* frames of which not everything was captured */
    struct frame_time first, last;
    struct report_interfaces *interfaces;
    struct observing_interface {
        bool is_known;
        char *name; /* NULL: the capture does not tell */
        int link;
    } interface; /* of the last frame */
};

/* What a frame is to the tracker. */
enum observed {
    OBSERVED_NOTHING, /* no packet, or none with a finding */
    OBSERVED_SIGHTING,
    OBSERVED_NOT_SURE
};

/* config: borrowed for the call; its hash_seed is replaced by a random one. */
void observing_begin(struct observing *observing, const skypefp_config *config);
void observing_end(struct observing *observing);

/* Takes the next frame. OBSERVED_SIGHTING: *sighting is what it shows. */
enum observed observing_take(struct observing *observing, const skypefp_frame *frame, const struct frame_time *when,
                             skypefp_sighting *sighting);

/* The document on the frames so far; the caller owns the reference. */
JsonObject *observing_make_document(struct observing *observing);

#endif
