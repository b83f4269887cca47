/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The findings of a capture's datagrams, by frame: written in the first pass, read in every pass.
 *
 * Invariant: at most the limit are kept; the oldest goes first. */
#ifndef SKYPEFP_FINDINGS_H
#define SKYPEFP_FINDINGS_H

#include "pairs.h"
#include "pool.h"

struct finding_store {
    struct pool pool;           /* of the findings */
    skypefp_finding **by_frame; /* the first one of each frame, in order of frames: n_frames from first_frame on */
    uint32_t first_frame, n_frames, room;
    skypefp_finding *oldest;
    skypefp_finding *newest;
    uint32_t n;
    uint32_t limit;
    uint64_t dropped;
};

/* Names one finding for as long as it is kept. */
struct finding_name {
    uint32_t frame;
    uint32_t digest;
};

void skypefp_findings_init(struct finding_store *store, uint32_t limit);
void skypefp_findings_clear(struct finding_store *store);

/* A new finding of a packet between two endpoints in a pair, all of which it keeps alive. Owned by the store. */
skypefp_finding *skypefp_findings_add(struct finding_store *store, const skypefp_packet *packet, skypefp_endpoint *src,
                                      skypefp_endpoint *dst, struct pair *pair);

/* The finding of an observed packet, or NULL. */
skypefp_finding *skypefp_findings_of(const struct finding_store *store, const skypefp_packet *packet);

/* The finding with a name, or NULL once it was dropped. */
skypefp_finding *skypefp_findings_named(const struct finding_store *store, struct finding_name name);
struct finding_name skypefp_finding_name(const skypefp_finding *finding);

/* Appends a copy of evidence to a finding, which owns it. */
void skypefp_finding_append(skypefp_finding *finding, const skypefp_evidence *evidence);
void skypefp_finding_free_evidence(skypefp_finding *finding);

#endif
