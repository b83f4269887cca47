/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One capture of a batch: where it is, what reading it gave, and its document. */
#ifndef BATCH_CAPTURE_H
#define BATCH_CAPTURE_H

#include "skypefp.h"

#include "stream.h"

#include <json-glib/json-glib.h>

enum capture_status {
    CAPTURE_OK,
    CAPTURE_TRUNCATED, /* damaged or cut short; the document covers what could be read */
    CAPTURE_UNREADABLE,
    CAPTURE_TIMEOUT,
    CAPTURE_NEEDS_WIRESHARK, /* only Wireshark can decide it, and it is not there, or not asked */
    CAPTURE_SKIPPED,         /* found in a folder; neither a capture nor named like one */
    N_CAPTURE_STATUSES
};

struct capture {
    char *path;          /* the file's name as bytes */
    char *name;          /* the same for reports: UTF-8 without control characters */
    bool is_escaped;     /* the name differs from the path: bytes, and "%" itself, are written as %XX */
    bool is_found;       /* in a folder; otherwise it was named */
    bool is_stdin;       /* it comes on standard input */
    char *sha256;        /* of its content; NULL: could not be read */
    gint64 size;         /* bytes; -1: unknown */
    gint64 listed_size;  /* bytes when it was listed; 0: unknown */
    double seconds;      /* that reading it took */
    bool is_compressed;  /* compressed; the uncompressed size is unknown */
    bool is_text;        /* it begins as text */
    bool is_packet_file; /* it begins as pcap or pcapng, perhaps compressed: it holds packets and nothing else */
    bool is_hidden;      /* it is compressed, and damaged before its content shows what it is */
    enum capture_status status;
    char *message;        /* why it is not OK; NULL: it is */
    JsonObject *document; /* skypefp-report/2; NULL: none */
    bool is_carried;      /* an earlier report covers its content */
};

struct capture *capture_new(const char *path, bool is_found);
void capture_free(struct capture *capture);

/* The names "ok", "truncated", ... in reports, and back; N_CAPTURE_STATUSES for any other string. */
const char *capture_status_name(enum capture_status status);
enum capture_status capture_status_of(const char *name);

/* Sets the status and why; the message now belongs to the capture. */
void capture_set_status(struct capture *capture, enum capture_status status, char *message);

/* How reading a file to its end went. */
enum capture_reading {
    CAPTURE_READ,
    CAPTURE_NOT_READ, /* it cannot be read to its end, or holds nothing; the status says so */
    CAPTURE_TIME_LIMIT,
    CAPTURE_INTERRUPTED,
};

/* Opens the file and looks at its first octets; the stream then reads up to a deadline (monotonic microseconds). False,
 * and the status is set, when it cannot be read. */
bool capture_open(struct capture *capture, struct stream *stream, gint64 deadline);

/* Reads the rest for size and hash, up to the stream's deadline, and closes the stream. */
enum capture_reading capture_close(struct capture *capture, struct stream *stream);

/* Both: reads the file once. */
enum capture_reading capture_hash(struct capture *capture, gint64 deadline);

#endif
