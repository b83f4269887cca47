/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of a capture, read by libpcap, as long as Wireshark would read the same. */
#ifndef BATCH_FRAMES_H
#define BATCH_FRAMES_H

#include "stream.h"

#include "decode.h"

enum frames_event {
    FRAMES_FRAME,
    FRAMES_END,      /* of a capture that was read whole */
    FRAMES_NOT_SURE, /* another format, damage, or anything that libpcap and Wireshark may read differently */
};

struct frames;

/* Begins with the capture in a stream, which must live longer. NULL: libpcap cannot read it. */
struct frames *frames_open(struct stream *stream);

/* When a frame was captured, since 1970. A capture may hold any number as its fraction of a second. */
struct frame_time {
    gint64 seconds;
    gint32 nanoseconds;
};

/* The next frame, valid until the next call, and its time. */
enum frames_event frames_next(struct frames *frames, skypefp_frame *frame, struct frame_time *when);

void frames_close(struct frames *frames);

#endif
