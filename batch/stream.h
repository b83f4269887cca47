/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The content of a file, read once: hashed as it is, and decompressed for the readers of captures. */
#ifndef BATCH_STREAM_H
#define BATCH_STREAM_H

#include <gcrypt.h>
#include <glib.h>
#include <stdbool.h>

struct inflater;

enum stream_stop {
    STREAM_GOES_ON,
    STREAM_TIME_LIMIT,
    STREAM_INTERRUPTED, /* by a signal */
};

struct stream {
    int fd;
    gcry_md_hd_t digest;   /* SHA-256 of what was read */
    gint64 size;           /* octets read */
    int error;             /* errno of a read that failed; 0: none */
    gint64 deadline;       /* monotonic microseconds after which nothing more is read; G_MAXINT64: none */
    enum stream_stop stop; /* why nothing more is read */
    bool is_compressed;
    bool is_damaged; /* what is compressed in it cannot be decompressed to its end */
    /* private */
    struct inflater *inflater; /* NULL: the content is the file's own octets */
    guint8 *raw;               /* octets of the file that wait to be decompressed */
    gsize n_raw, at_raw;
    guint8 *octets; /* of the content, from at on those that were not taken */
    gsize n_octets, at, room;
};

/* Begins with a file, which belongs to the stream, and reads its first octets, without a deadline. NULL: it is read;
 * otherwise why not, and the stream needs closing all the same. */
const char *stream_open(struct stream *stream, int fd);

/* Whether the content can be read here: what is compressed in another way cannot. */
static inline bool stream_is_readable(const struct stream *stream)
{
    return !stream->is_compressed || stream->inflater != NULL;
}

/* The next n octets of the content, valid until the next call. NULL: it ends before, or cannot be read on, or was
 * stopped. */
const guint8 *stream_peek(struct stream *stream, gsize n);

/* How many of the next octets are at hand: all there are after stream_peek() gave NULL. */
static inline gsize stream_left(const struct stream *stream)
{
    return stream->n_octets - stream->at;
}

/* Passes over octets that stream_peek() gave. */
static inline void stream_take(struct stream *stream, gsize n)
{
    stream->at += n;
}

/* Whether all of the content was read, when stream_peek() gave NULL. */
static inline bool stream_is_whole(const struct stream *stream)
{
    return stream->error == 0 && !stream->is_damaged && stream->stop == STREAM_GOES_ON;
}

/* Reads the rest of the file, for its hash. False: it cannot be read, or was stopped. */
bool stream_drain(struct stream *stream);

/* SHA-256 of what was read, as 64 hexadecimal digits; to be freed. */
char *stream_sha256(struct stream *stream);

void stream_close(struct stream *stream);

#endif
