/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoint table in Wireshark's Statistics menu, with the same rows as tshark's. */
#ifndef SKYPEFP_TAP_WINDOW_H
#define SKYPEFP_TAP_WINDOW_H

/* Registers it; call it from the handoff, where tshark, sharkd and Wireshark's window all see it. */
void skypefp_window_register(void);

#endif
