/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The content of a file, read once: hashed as it is, and decompressed for the reader of captures. */
#ifndef BATCH_STREAM_H
#define BATCH_STREAM_H

#include "pcapng_watch.h"

#include <gcrypt.h>
#include <glib.h>
#include <stdio.h>

struct inflater;

enum { STREAM_BEGINNING = 24 }; /* octets: the header of a classic capture */

struct stream {
    int fd;
    gcry_md_hd_t digest; /* SHA-256 of what was read */
    gint64 size;         /* octets read */
    int error;           /* errno of a read that failed; 0: none */
    bool is_compressed;
    const guint8 *head; /* the first octets of the file, as they are; until anything more is read */
    gsize n_head;
    bool is_damaged; /* what is compressed in it cannot be decompressed to its end */
    bool is_pcapng;
    bool has_link_flags;       /* a classic capture with more in the field of its link type */
    struct pcapng_watch watch; /* with is_pcapng */
    /* private */
    struct inflater *inflater;
    guint8 *raw; /* octets of the file */
    gsize n_raw, at_raw;
    guint8 beginning[STREAM_BEGINNING]; /* of the capture, which libpcap gets first */
    gsize n_beginning, at_beginning;
};

/* Begins to read a file, which belongs to the stream now and is closed with it. NULL, or why it cannot be. */
const char *stream_open(struct stream *stream, int fd);

/* The capture in the file, decompressed, from its beginning on; for one reader, who closes it before the stream.
 * NULL: none, and errno says why. */
FILE *stream_file(struct stream *stream);

/* Reads the file to its end; nothing more is handed on. False, and stream->error: it cannot be read. */
bool stream_drain(struct stream *stream);

/* The hash in hexadecimal digits, after the end; the caller frees it. */
char *stream_sha256(struct stream *stream);

/* Frees what the stream has; one that was closed or never opened, with fd -1, is fine. */
void stream_close(struct stream *stream);

#endif
