/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads in which one of Wireshark's dissectors may find packets where decode/ does not look. Private to decode/. */
#ifndef SKYPEFP_DOUBTS_H
#define SKYPEFP_DOUBTS_H

#include "walk.h"

/* Whether a dissector on one of the ports, or one that asks for octets, may find an IP header in a payload. */
bool skypefp_is_doubtful_udp(uint16_t src_port, uint16_t dst_port, struct layer payload);
bool skypefp_is_doubtful_tcp(uint16_t src_port, uint16_t dst_port, struct layer payload);

#endif
