/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6. Private to decode/. */
#ifndef SKYPEFP_INTERNET_H
#define SKYPEFP_INTERNET_H

#include "walk.h"

enum step skypefp_walk_ip(struct walk *walk, struct layer layer);
enum step skypefp_walk_ipv4(struct walk *walk, struct layer layer);
enum step skypefp_walk_ipv6(struct walk *walk, struct layer layer);

#endif
