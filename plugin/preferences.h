/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The preferences of SkypeFP (Edit > Preferences > Protocols > SkypeFP).
 *
 * Wireshark writes the values in place and then dissects the capture again with a new tracker, so they are constant
 * for a tracker's life. */
#ifndef SKYPEFP_PREFERENCES_H
#define SKYPEFP_PREFERENCES_H

#include "compat.h"

#include "skypefp.h"

extern struct skypefp_preferences {
    gint threshold;                   /* enum skypefp_verdict from which on packets are marked */
    ws_bool groups[SKYPEFP_N_GROUPS]; /* which groups of rules are on, by enum skypefp_group */
    ws_bool near_misses;              /* note which condition of a rule failed */
    guint max_endpoints, max_requests, max_streams, max_findings; /* as in skypefp_config */
} skypefp_preferences;

/* Registers them with their defaults; once, from the protocol's registration. */
void skypefp_preferences_register(int proto);

/* A tracker's configuration from the current preferences, with a hash seed of its own. */
skypefp_config skypefp_preferences_config(void);

#endif
