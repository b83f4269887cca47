/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoint table of tshark -z skypefp,endpoints[,filter]: is it FTP, HTTP or Skype? */
#ifndef SKYPEFP_TAP_ENDPOINTS_H
#define SKYPEFP_TAP_ENDPOINTS_H

/* Registers it; call it from the handoff, where tshark, sharkd and Wireshark's window all see it. */
void skypefp_endpoints_register(void);

#endif
