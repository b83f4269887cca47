/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which layer a link type begins with. Private to decode/. */
#ifndef SKYPEFP_LINK_TYPE_H
#define SKYPEFP_LINK_TYPE_H

#include "walk.h"

/* Walks a frame of a link type (decode.h); of an unknown one NOT_SURE. */
enum step skypefp_walk_link(struct walk *walk, int link, struct layer layer);

#endif
