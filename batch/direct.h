/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides a capture without Wireshark: decode/, heuristics/ and report/, in one pass over the file. */
#ifndef BATCH_DIRECT_H
#define BATCH_DIRECT_H

#include "capture.h"

enum direct_outcome {
    DIRECT_DECIDED,    /* there is a document, the same that the plugin would make */
    DIRECT_DAMAGED,    /* there is one of the frames before the damage; the message says what Wireshark says of it */
    DIRECT_NOT_SURE,   /* Wireshark must read it */
    DIRECT_UNREADABLE, /* the file cannot be read; the status says so */
    DIRECT_TIME_LIMIT,
    DIRECT_INTERRUPTED,
};

/* Reads a capture up to a deadline (monotonic microseconds): its document, and size and hash, as capture_hash()
 * does. After DIRECT_TIME_LIMIT there are size and hash if they took no longer than the reading.
 * near_misses: they are noted in the document. */
enum direct_outcome direct_read(struct capture *capture, bool near_misses, gint64 deadline);

#endif
