/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The conversation filter "Skype endpoint": all packets marked for the endpoint of the selected packet.
 *
 * Wireshark offers it in the packet list's menu (Conversation Filter); it builds the display filter skypefp.endpoint
 * == "…". */
#ifndef SKYPEFP_ENDPOINT_FILTER_H
#define SKYPEFP_ENDPOINT_FILTER_H

#include "compat.h"

/* Registers the filter; call it from the handoff. */
void skypefp_endpoint_filter_register(void);

/* Remembers, while the packet is dissected, which endpoint marks it. endpoint: "192.0.2.1:80", in pinfo->pool. */
void skypefp_endpoint_filter_note(packet_info *pinfo, char *endpoint);

#endif
