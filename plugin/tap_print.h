/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark -z skypefp,endpoints[,filter] and the other tables: printed when tshark draws. */
#ifndef SKYPEFP_TAP_PRINT_H
#define SKYPEFP_TAP_PRINT_H

/* Registers them; call it from the handoff. */
void skypefp_print_register(void);

#endif
