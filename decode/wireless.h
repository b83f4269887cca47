/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IEEE 802.11. Private to decode/. */
#ifndef SKYPEFP_WIRELESS_H
#define SKYPEFP_WIRELESS_H

#include "walk.h"

enum step skypefp_walk_radiotap(struct walk *walk, struct layer layer);
enum step skypefp_walk_wireless(struct walk *walk, struct layer layer);

#endif
