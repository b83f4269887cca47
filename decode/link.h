/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link layers with little in them: loopback, raw IP, Linux cooked. Private to decode/. */
#ifndef SKYPEFP_LINK_H
#define SKYPEFP_LINK_H

#include "walk.h"

enum step skypefp_walk_null(struct walk *walk, struct layer layer);
enum step skypefp_walk_loop(struct walk *walk, struct layer layer);
enum step skypefp_walk_raw(struct walk *walk, struct layer layer);
enum step skypefp_walk_sll(struct walk *walk, struct layer layer);
enum step skypefp_walk_sll2(struct walk *walk, struct layer layer);

#endif
