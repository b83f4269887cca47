/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a file once, for its hash and for the readers of captures. */
#include "stream.h"

#include "inflate.h"
#include "interrupt.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_LEN = 1 << 18 };

/* libgcrypt, which Wireshark itself needs: it uses the processor's instructions for SHA-256, GLib does not. */
static gcry_error_t open_digest(gcry_md_hd_t *digest)
{
    static gsize is_prepared;

    if (g_once_init_enter(&is_prepared)) {
        gcry_check_version(NULL);
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
        g_once_init_leave(&is_prepared, 1);
    }
    return gcry_md_open(digest, GCRY_MD_SHA256, 0);
}

/* Looks at the clock and for signals: a file of any size may hold no frame. */
static bool goes_on(struct stream *stream)
{
    if (interrupted()) {
        stream->stop = STREAM_INTERRUPTED;
    } else if (stream->deadline != G_MAXINT64 && g_get_monotonic_time() > stream->deadline) {
        stream->stop = STREAM_TIME_LIMIT;
    }
    return stream->stop == STREAM_GOES_ON;
}

/* Reads the next octets of the file; 0 at its end, after an error, when it is stopped, and when a signal ends the
 * program while nothing comes. */
static gsize read_file(struct stream *stream, guint8 *octets, gsize room)
{
    ssize_t n;

    if (!goes_on(stream)) {
        return 0;
    }
    do {
        n = read(stream->fd, octets, room);
    } while (n < 0 && errno == EINTR && !interrupted());
    if (n < 0) {
        stream->error = errno;
        return 0;
    }
    gcry_md_write(stream->digest, octets, (size_t)n);
    stream->size += n;
    return (gsize)n;
}

const char *stream_open(struct stream *stream, int fd)
{
    gcry_error_t error;

    *stream = (struct stream){ .fd = fd, .deadline = G_MAXINT64 };
    error = open_digest(&stream->digest);
    if (error != 0) {
        return gcry_strerror(error);
    }
    guint8 *first = g_malloc(BUFFER_LEN);
    gsize n = read_file(stream, first, BUFFER_LEN);
    for (gsize more = n; more > 0 && n < INFLATE_MAGIC_LEN; n += more) { /* a pipe gives as little as it has */
        more = read_file(stream, first + n, BUFFER_LEN - n);
    }
    stream->inflater = inflater_new(first, n, &stream->is_compressed);
    if (stream->inflater != NULL) {
        stream->raw = first;
        stream->n_raw = n;
    } else {
        stream->octets = first;
        stream->n_octets = n;
        stream->room = BUFFER_LEN;
    }
    return stream->error != 0 ? g_strerror(stream->error) : NULL;
}

/* The next octets of what is compressed. 0: its end, or it is stopped. */
static gsize inflate_some(struct stream *stream, guint8 *out, gsize room)
{
    while (goes_on(stream)) {
        if (stream->at_raw == stream->n_raw) {
            stream->at_raw = 0;
            stream->n_raw = read_file(stream, stream->raw, BUFFER_LEN);
        }
        if (stream->n_raw == 0) {
            stream->is_damaged = stream->is_damaged || !inflater_is_complete(stream->inflater);
            return 0;
        }
        gsize n_in = stream->n_raw - stream->at_raw, n_out = room;
        if (stream->is_damaged || !inflater_step(stream->inflater, stream->raw + stream->at_raw, &n_in, out, &n_out)) {
            stream->is_damaged = true;
            return 0;
        }
        stream->at_raw += n_in;
        if (n_out > 0) {
            return n_out;
        }
    }
    return 0;
}

/* Makes room after the octets that were not taken, for n of them altogether, and for a good part of the file. */
static void make_room(struct stream *stream, gsize n)
{
    gsize left = stream_left(stream), room = MAX(n, BUFFER_LEN);

    if (stream->at > 0) {
        memmove(stream->octets, stream->octets + stream->at, left);
        stream->at = 0;
        stream->n_octets = left;
    }
    if (room > stream->room) {
        stream->octets = g_realloc(stream->octets, room);
        stream->room = room;
    }
}

const guint8 *stream_peek(struct stream *stream, gsize n)
{
    if (stream_left(stream) < n) {
        make_room(stream, n);
    }
    while (stream_left(stream) < n) {
        guint8 *out = stream->octets + stream->n_octets;
        gsize room = stream->room - stream->n_octets;
        gsize more = stream->inflater != NULL ? inflate_some(stream, out, room) : read_file(stream, out, room);
        if (more == 0) {
            return NULL;
        }
        stream->n_octets += more;
    }
    return stream->octets + stream->at;
}

bool stream_drain(struct stream *stream)
{
    guint8 *octets = stream->inflater != NULL ? stream->raw : stream->octets;

    stream->at = stream->n_octets = stream->at_raw = stream->n_raw = 0;
    while (stream->error == 0 && read_file(stream, octets, BUFFER_LEN) > 0) {
    }
    return stream->error == 0 && stream->stop == STREAM_GOES_ON;
}

char *stream_sha256(struct stream *stream)
{
    const guchar *octets = gcry_md_read(stream->digest, GCRY_MD_SHA256);
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < gcry_md_get_algo_dlen(GCRY_MD_SHA256); i++) {
        g_string_append_printf(text, "%02x", octets[i]);
    }
    return g_string_free(text, FALSE);
}

void stream_close(struct stream *stream)
{
    inflater_free(stream->inflater);
    g_free(stream->raw);
    g_free(stream->octets);
    if (stream->digest != NULL) {
        gcry_md_close(stream->digest);
    }
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    *stream = (struct stream){ .fd = -1 };
}
