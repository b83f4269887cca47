/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as the only cell of a table, for programs that drive sharkd: "nstat:skypefp,document". */
#ifndef SKYPEFP_TAP_DOCUMENT_H
#define SKYPEFP_TAP_DOCUMENT_H

/* Registers it; call it from the handoff, where tshark, sharkd and Wireshark's window all see it. */
void skypefp_document_register(void);

#endif
