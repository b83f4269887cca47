/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The conversation filter "Skype endpoint": all packets marked for the endpoint of the selected one. */
#ifndef SKYPEFP_CONVERSATION_H
#define SKYPEFP_CONVERSATION_H

#include "compat.h"

void skypefp_conversation_register(void);

/* Remembers, for the time of the packet, whose mark it carries. endpoint: "192.0.2.1:80", in pinfo->pool. */
void skypefp_conversation_note(packet_info *pinfo, char *endpoint);

#endif
