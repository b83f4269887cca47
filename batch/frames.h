/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of a capture, as long as Wireshark would read the same.
 *
 * libpcap is not used: it refuses, or reads in another way, what Wireshark reads (interfaces of different link types
 * in one file, records that are longer than they say, versions of the format), and the rest is simple. */
#ifndef BATCH_FRAMES_H
#define BATCH_FRAMES_H

#include "frame_event.h"

struct frames;

/* Begins with the capture in a stream, which must live longer. is_live: it comes through a pipe while it is made, and
 * no frame is waited for. NULL: only Wireshark can read it. */
struct frames *frames_open(struct stream *stream, bool is_live);

/* The next frame, valid until the next call, and its time. */
enum frames_event frames_next(struct frames *frames, skypefp_frame *frame, struct frame_time *when);

/* After FRAMES_DAMAGED: what Wireshark says of the file; it belongs to the frames. */
const char *frames_damage(const struct frames *frames);

void frames_close(struct frames *frames);

#endif
