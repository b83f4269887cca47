/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark -z skypefp,report[,file] and skypefp,html[,file]: the capture as one JSON document, or as one page. */
#ifndef SKYPEFP_TAP_REPORT_H
#define SKYPEFP_TAP_REPORT_H

/* Registers it; call it from the handoff, where tshark, sharkd and Wireshark's window all see it. */
void skypefp_report_register(void);

#endif
