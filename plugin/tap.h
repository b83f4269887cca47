/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tap "skypefp": hands each observed packet to the statistics.
 *
 * Verdicts do not travel through it: every statistic reads them from the tracker when it is drawn, so that it is the
 * same in one pass and in two. The tap carries what an ordinary run keeps no memory of: who answered whom, and which
 * endpoints a filter selects. */
#ifndef SKYPEFP_TAP_H
#define SKYPEFP_TAP_H

#include "compat.h"

#include "skypefp.h"

#include <epan/tap.h>

/* What the tap carries, in pinfo->pool. */
struct tapped {
    skypefp_packet packet;     /* borrows the frame's octets; its addresses have their scopes, as those of endpoints */
    skypefp_sighting sighting; /* valid with is_found */
    bool is_found;             /* there is a finding for the packet; it may be too weak to be marked */
    bool is_first_pass;        /* more packets will be observed; Wireshark's own flag is already set when taps run */
};

/* Registers the tap; call it from the protocol's registration. */
void skypefp_tap_register(void);

extern int skypefp_tap; /* its number; set by the registration */

/* Whether there are listeners. */
static inline bool skypefp_is_tapped(void)
{
    return have_tap_listener(skypefp_tap);
}

/* Queues an observed packet for the listeners. sighting: NULL when there is no finding. */
void skypefp_tap_packet(packet_info *pinfo, const skypefp_tracker *tracker, const skypefp_packet *packet,
                        const skypefp_sighting *sighting);

#endif
