/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reader of captures comes to, frame by frame. */
#ifndef BATCH_FRAME_EVENT_H
#define BATCH_FRAME_EVENT_H

#include "stream.h"

#include "decode.h"

enum frames_event {
    FRAMES_FRAME,
    FRAMES_END,      /* of a capture that was read whole */
    FRAMES_DAMAGED,  /* of one that Wireshark cannot read on either */
    FRAMES_NOT_SURE, /* another format, or anything that Wireshark may read differently */
};

/* When a frame was captured, since 1970, and where. A capture may hold any number as its fraction of a second. */
struct frame_time {
    gint64 seconds;
    gint32 nanoseconds;
    const char *interface; /* what Wireshark calls it, valid until the next frame; NULL: unknown */
};

/* In microseconds. Unsigned on the way: a hostile capture's seconds may be anything. */
static inline int64_t frame_time_us(const struct frame_time *when)
{
    return (int64_t)((uint64_t)when->seconds * G_USEC_PER_SEC + (uint64_t)(int64_t)(when->nanoseconds / 1000));
}

enum { MAX_FRAME = 262144 }; /* octets that Wireshark accepts as captured */

#endif
