/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statistics tree: Statistics, Skype Fingerprint, and tshark -z skypefp,tree. */
#ifndef SKYPEFP_TAP_TREE_H
#define SKYPEFP_TAP_TREE_H

/* Registers it; call it from the handoff, where tshark, sharkd and Wireshark's window all see it. */
void skypefp_tree_register(void);

#endif
