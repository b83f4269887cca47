/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PPP, its framing, and PPPoE. Private to decode/. */
#ifndef SKYPEFP_PPP_H
#define SKYPEFP_PPP_H

#include "walk.h"

enum step skypefp_walk_ppp(struct walk *walk, struct layer layer);
enum step skypefp_walk_ppp_hdlc(struct walk *walk, struct layer layer);
enum step skypefp_walk_chdlc(struct walk *walk, struct layer layer);

/* From the type in a header of Cisco's HDLC on, at least 2 octets; NOT_SURE of types that it does not know. */
enum step skypefp_walk_hdlc_type(struct walk *walk, struct layer layer);
enum step skypefp_walk_pppoe(struct walk *walk, struct layer layer);

#endif
