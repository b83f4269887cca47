/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ethernet and what its types stand for. Private to decode/. */
#ifndef SKYPEFP_ETHERNET_H
#define SKYPEFP_ETHERNET_H

#include "walk.h"

enum step skypefp_walk_ethernet(struct walk *walk, struct layer layer);
enum step skypefp_walk_ethertype(struct walk *walk, struct layer layer);

#endif
