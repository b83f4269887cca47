/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tap "skypefp", and the statistics that listen to it.
 *
 * Every statistic is computed when it is drawn, from the tracker, so that it is the same in one pass and in two. The tap itself only
 * carries what an ordinary run keeps no memory for: who answered whom, and which endpoints a filter selects. */
#ifndef SKYPEFP_TAPS_H
#define SKYPEFP_TAPS_H

#include "compat.h"

#include "services.h"
#include "skypefp.h"

#include <epan/tap.h>

/* Registers the tap; from the protocol's registration. */
void skypefp_taps_register(void);

/* Registers the statistics; from the handoff, where tshark, sharkd and Wireshark all see them. */
void skypefp_statistics_register(void);

/* What the tap carries. */
struct tapped {
    skypefp_packet packet;
    bool is_first_pass;         /* more packets are to be observed; Wireshark's own flag is set before taps run */
};

/* Hands a packet that was observed to whoever listens; copied for the time of the frame. */
void skypefp_tap_packet(packet_info *pinfo, const skypefp_packet *packet);

/* One statistic that listens. */
struct listening {
    skypefp_services *services;     /* who answered */
    GHashTable *selected;           /* "address:port" of packets that match the filter, bounded; NULL: no filter, all are selected */
    uint32_t n_frames;
    nstime_t first, last;           /* earliest and latest capture time, with n_frames > 0 */
};

/* Registers its listeners; draw is called with owner. Returns NULL, or an error to show and g_free(). filter: NULL or empty, all. */
char *skypefp_listen(struct listening *listening, const char *filter, tap_draw_cb draw, void *owner);
void skypefp_unlisten(struct listening *listening, void *owner);

/* Whether it has seen the packets. The window starts what -z asks for after it has read the capture, and calls draw at once and when
 * the capture is closed: there is something to tell once it has read the packets again. tshark's empty capture is empty. */
bool skypefp_can_draw(const struct listening *listening);

/* Whether the filter selects an endpoint. */
bool skypefp_is_selected(const struct listening *listening, const skypefp_address *address);

/* What stands behind the name in a -z argument: "" or what follows a comma; NULL: something else follows the name. */
const char *skypefp_option_tail(const char *argument, const char *name);

/* Tells that a statistic cannot be had: a line and exit(1) in tshark, a message box in Wireshark. */
void skypefp_refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The statistics, one file each. */
void skypefp_tree_register(void);
void skypefp_endpoints_register(void);
void skypefp_window_register(void);
void skypefp_report_register(void);
void skypefp_document_register(void);

#endif
