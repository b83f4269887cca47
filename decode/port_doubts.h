/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads on the ports of dissectors that may come to an IP header. Private to decode/. */
#ifndef SKYPEFP_PORT_DOUBTS_H
#define SKYPEFP_PORT_DOUBTS_H

#include "walk.h"

/* Whether the dissector of a port may find an IP header in a payload. */
bool skypefp_is_doubtful_udp_port(uint16_t port, struct layer payload);
bool skypefp_is_doubtful_tcp_port(uint16_t port, struct layer payload);

#endif
