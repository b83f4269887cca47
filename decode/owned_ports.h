/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports of UDP that belong to a dissector. Private to decode/. */
#ifndef SKYPEFP_OWNED_PORTS_H
#define SKYPEFP_OWNED_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the lean engine has a dissector for a port of UDP, whatever it does. */
bool skypefp_is_owned_udp_port(uint16_t port);

#endif
