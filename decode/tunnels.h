/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnels over IP and UDP. Private to decode/. */
#ifndef SKYPEFP_TUNNELS_H
#define SKYPEFP_TUNNELS_H

#include "walk.h"

enum step skypefp_walk_gre(struct walk *walk, struct layer layer);

/* The payload of a UDP datagram: NO_IP when its ports are not a tunnel's, or nothing is in the tunnel. */
enum step skypefp_walk_udp_tunnel(struct walk *walk, uint16_t src_port, uint16_t dst_port, struct layer layer);

#endif
