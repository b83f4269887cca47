/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The preferences of SkypeFP (Edit, Preferences, Protocols, SkypeFP). A change makes Wireshark dissect the file anew. */
#ifndef SKYPEFP_PREFERENCES_H
#define SKYPEFP_PREFERENCES_H

#include "compat.h"

#include "skypefp.h"

extern struct skypefp_preferences {
    gint threshold;                     /* enum skypefp_verdict from which on packets are marked */
    ws_bool groups[SKYPEFP_N_GROUPS];   /* which families of rules look */
    ws_bool near_misses;
    guint max_endpoints, max_requests, max_streams, max_findings;
} skypefp_preferences;

void skypefp_preferences_register(int proto);

/* The tracker's configuration by the preferences. */
skypefp_config skypefp_preferences_config(void);

#endif
