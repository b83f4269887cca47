/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads pcapng files as Wireshark does; private to frames.c. */
#ifndef BATCH_PCAPNG_READER_H
#define BATCH_PCAPNG_READER_H

#include "frame_event.h"

struct pcapng_reader;

/* Begins with a stream, which must live longer. */
struct pcapng_reader *pcapng_reader_new(struct stream *stream);
void pcapng_reader_free(struct pcapng_reader *reader);

/* Like frames_next(). *damage: what Wireshark says, to be freed. */
enum frames_event pcapng_reader_next(struct pcapng_reader *reader, skypefp_frame *frame, struct frame_time *when,
                                     char **damage);

#endif
