/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SkypeFP in Wireshark's own tables: Statistics > Conversations and Statistics > Endpoints, tshark -z conv,skypefp.
 *
 * They count marked packets alone, and bring what those windows offer: filters from a row, sorting, copies, graphs. */
#ifndef SKYPEFP_TAP_CONVERSATIONS_H
#define SKYPEFP_TAP_CONVERSATIONS_H

/* Registers both; call it from the handoff. */
void skypefp_conversations_register(void);

#endif
