/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ethernet and what its types stand for. Private to decode/. */
#ifndef SKYPEFP_ETHERNET_H
#define SKYPEFP_ETHERNET_H

#include "walk.h"

enum step skypefp_walk_ethernet(struct walk *walk, struct layer layer);
enum step skypefp_walk_ethertype(struct walk *walk, struct layer layer);

/* Cisco's ISL frames begin with one of two addresses where a destination is expected. */
static inline bool skypefp_begins_as_isl(const uint8_t destination[5])
{
    return destination[1] == 0x00 && destination[2] == 0x0c && destination[3] == 0x00 && destination[4] == 0x00 &&
           (destination[0] == 0x01 || destination[0] == 0x0c);
}

#endif
