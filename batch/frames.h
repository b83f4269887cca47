/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of a capture, as long as Wireshark would read the same.
 *
 * libpcap is not used: it refuses, or reads in another way, what Wireshark reads (interfaces of different link types
 * in one file, records that are longer than they say, versions of the format), and the rest is simple. */
#ifndef BATCH_FRAMES_H
#define BATCH_FRAMES_H

#include "stream.h"

#include "decode.h"

enum frames_event {
    FRAMES_FRAME,
    FRAMES_END,      /* of a capture that was read whole */
    FRAMES_DAMAGED,  /* of one that Wireshark cannot read on either */
    FRAMES_NOT_SURE, /* another format, or anything that Wireshark may read differently */
};

/* When a frame was captured, since 1970. A capture may hold any number as its fraction of a second. */
struct frame_time {
    gint64 seconds;
    gint32 nanoseconds;
};

enum { MAX_FRAME = 262144 }; /* octets that Wireshark accepts as captured */

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
