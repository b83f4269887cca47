/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rare link layers: FDDI, Frame Relay, ARCNET, and headers of systems and routers. Private to decode/. */
#ifndef SKYPEFP_OLD_LINKS_H
#define SKYPEFP_OLD_LINKS_H

#include "walk.h"

enum step skypefp_walk_fddi(struct walk *walk, struct layer layer);
enum step skypefp_walk_frame_relay(struct walk *walk, struct layer layer);
enum step skypefp_walk_arcnet(struct walk *walk, struct layer layer);
enum step skypefp_walk_juniper_atm(struct walk *walk, struct layer layer);
enum step skypefp_walk_juniper_ethernet(struct walk *walk, struct layer layer);
enum step skypefp_walk_ipnet(struct walk *walk, struct layer layer);
enum step skypefp_walk_nflog(struct walk *walk, struct layer layer);
enum step skypefp_walk_infiniband(struct walk *walk, struct layer layer);

#endif
