/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads in which one of Wireshark's dissectors may find packets where decode/ does not look. Private to decode/. */
#ifndef SKYPEFP_DOUBTS_H
#define SKYPEFP_DOUBTS_H

#include "walk.h"

/* Whether the lean engine has a dissector for a port of UDP, whatever it does. */
bool skypefp_is_owned_udp_port(uint16_t port);

bool skypefp_is_doubtful_udp(uint16_t src_port, uint16_t dst_port, struct layer payload);
bool skypefp_is_doubtful_tcp(uint16_t src_port, uint16_t dst_port, struct layer payload);

#endif
