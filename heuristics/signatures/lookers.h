/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which signatures look at what: found once, so that observing asks only those that look. */
#ifndef SKYPEFP_LOOKERS_H
#define SKYPEFP_LOOKERS_H

#include "tracker.h"

/* Fills the tracker's lists of lookers, without the rules of groups that its configuration has switched off. */
void skypefp_lookers_list(skypefp_tracker *tracker);

#endif
