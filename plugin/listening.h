/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a statistic listens: to the tap "skypefp", to all frames, and to the packets that its filter selects. */
#ifndef SKYPEFP_LISTENING_H
#define SKYPEFP_LISTENING_H

#include "compat.h"

#include "interfaces.h"
#include "services.h"
#include "skypefp.h"

/* What one statistic has learnt from listening. A part of the statistic's own structure, zeroed before
 * skypefp_listen(). */
struct listening {
    skypefp_services *services; /* who answered */
    GHashTable
        *selected; /* "address:port" and "address" of packets that match the filter, bounded; NULL: all are selected */
    uint32_t n_frames;                    /* of the capture, regardless of what they hold */
    uint32_t n_cut;                       /* of them, those of which not everything was captured */
    struct report_interfaces *interfaces; /* that they came from */
    struct listening_interface {
        bool is_known;
        uint32_t id;
        int encapsulation;
    } interface;               /* of the last frame */
    nstime_t first, last;      /* earliest and latest capture time; valid with n_frames > 0 */
    void (*draw)(void *owner); /* NULL: never drawn */
    void *owner;               /* what draw is called with */
};

/* Registers the listeners of a statistic. draw(owner) is called to show it. filter: a display filter that selects
 * endpoints, never evidence; NULL or empty selects all. Returns NULL, or an error to show and g_free(). Either way
 * *listening must stay in place until skypefp_unlisten(), or until the program ends. */
char *skypefp_listen(struct listening *listening, const char *filter, void (*draw)(void *owner), void *owner);

/* Ends it and frees what was learnt. */
void skypefp_unlisten(struct listening *listening);

/* Has everything that still listens freed when Wireshark ends, which removes listeners without a word. Once, from
 * the handoff. */
void skypefp_listening_register(void);

/* Whether there is something to draw. Wireshark starts -z statistics after it has read the capture and draws them at
 * once and on close; until it reads the packets again there is nothing. In tshark an empty capture is drawn as
 * empty. */
bool skypefp_can_draw(const struct listening *listening);

/* Whether the filter selects an endpoint; port 0: a host. */
bool skypefp_is_selected(const struct listening *listening, const skypefp_address *address);

#endif
