/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables in Wireshark's Statistics menu and for sharkd ("nstat:skypefp,window" and others), with the same rows
 * as tshark's. */
#ifndef SKYPEFP_TAP_WINDOW_H
#define SKYPEFP_TAP_WINDOW_H

/* Registers them; call it from the handoff, in programs other than tshark. */
void skypefp_window_register(void);

#endif
