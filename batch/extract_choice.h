/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which frames of a capture are marked, and which ones they depend on. */
#ifndef BATCH_EXTRACT_CHOICE_H
#define BATCH_EXTRACT_CHOICE_H

#include "skypefp.h"

#include <glib.h>

struct choice;

struct choice *choice_new(void);
void choice_free(struct choice *choice);

/* Before each packet: the number of its frame, or of a frame without one. is_nothing: nothing was decoded in it, so
 * that it may be a fragment of a later datagram. */
void choice_note_frame(struct choice *choice, uint32_t frame, bool is_nothing);

/* In the first reading: observes a packet. */
void choice_observe(struct choice *choice, const skypefp_packet *packet, bool is_of_frame);

/* In the second one: picks its frame and all others it depends on, if it is marked. is_of_frame: it is not put
 * together from fragments; otherwise the frames before it in which nothing was decoded are picked, too, up to a
 * number. */
void choice_pick(struct choice *choice, const skypefp_packet *packet, bool is_of_frame);

unsigned choice_count(const struct choice *choice);
bool choice_contains(const struct choice *choice, uint32_t frame);

/* What is said of a frame: its number, and the rules that it shows with their bits; the caller frees it. */
char *choice_comment(const struct choice *choice, uint32_t frame);

#endif
