/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IEEE 802.2 with SNAP, and OSI's network layer. Private to decode/. */
#ifndef SKYPEFP_LLC_H
#define SKYPEFP_LLC_H

#include "walk.h"

enum step skypefp_walk_llc(struct walk *walk, struct layer layer);

/* From the organization on. is_information: the frame's control field says so. */
enum step skypefp_walk_snap(struct walk *walk, struct layer layer, bool is_information);

/* From the identifier of OSI's network layer on (ISO 9577). */
enum step skypefp_walk_osi(struct walk *walk, struct layer layer);

#endif
