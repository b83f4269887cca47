/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What IP carries. Private to decode/. */
#ifndef SKYPEFP_CARRIED_H
#define SKYPEFP_CARRIED_H

#include "fragments.h"
#include "headers.h"
#include "walk.h"

/* What a header of IP encloses. */
enum step skypefp_walk_protocol(struct walk *walk, const skypefp_span *span);

/* The same of a fragment, of which place and id are set: NO_PACKET until the last one comes. */
enum step skypefp_walk_fragment(struct walk *walk, const skypefp_span *span, struct fragment *fragment);

/* What a header with a doubtful length encloses: sure of segments, which only the plugin looks for, and of what is
 * quiet. */
enum step skypefp_walk_doubtful(struct walk *walk, const skypefp_span *span);

/* A datagram or segment that Wireshark does not look into, but the plugin finds. */
enum step skypefp_take_payload(struct walk *walk, const skypefp_span *span);

#endif
