/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads captures in the classic format of libpcap as Wireshark does; private to frames.c. */
#ifndef BATCH_CLASSIC_H
#define BATCH_CLASSIC_H

#include "frame_event.h"

struct classic {
    int link;
    bool is_swapped; /* against this machine's byte order */
    bool has_nanoseconds;
    bool is_modified; /* the magic number of systems with longer headers of records */
    gsize header_len; /* of a record */
    enum { LENGTHS_PLAIN, LENGTHS_SWAPPED, LENGTHS_BY_SIZE } lengths; /* old versions have them in another order */
};

/* Takes the header. False: it is of another format, or of a variant that only Wireshark reads. */
bool classic_open(struct classic *classic, struct stream *stream, bool is_live);

/* Like frames_next(). *damage: what Wireshark says, to be freed. */
enum frames_event classic_next(const struct classic *classic, struct stream *stream, skypefp_frame *frame,
                               struct frame_time *when, char **damage);

#endif
