/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of hosts that ask for something of Skype's: software is there, and that is all it says. */
#ifndef SKYPEFP_SOFTWARE_H
#define SKYPEFP_SOFTWARE_H

#include "tracker.h"

/* Notes a host, by the address of a key, whatever its scope, once for each rule; the first MAX_SOFTWARE are kept. */
void skypefp_software_note(struct skypefp_tracker *tracker, const struct endpoint_key *key, uint8_t rule,
                           uint32_t frame);

#endif
