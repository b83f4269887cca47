/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a file once, for its hash and for libpcap. */
#include "stream.h"

#include "inflate.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER_LEN = 1 << 18,
    CLASSIC_LEN = STREAM_BEGINNING,
    CLASSIC_AT_SNAPLEN = 16,
    CLASSIC_AT_LINK = 20,
};

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

/* Reads the next octets of the file into raw; false at its end, or after an error. */
static bool fill(struct stream *stream)
{
    ssize_t n;

    do {
        n = read(stream->fd, stream->raw, BUFFER_LEN);
    } while (n < 0 && errno == EINTR);
    stream->at_raw = 0;
    stream->n_raw = n > 0 ? (gsize)n : 0;
    if (n < 0) {
        stream->error = errno;
    }
    gcry_md_write(stream->digest, stream->raw, stream->n_raw);
    stream->size += (gint64)stream->n_raw;
    return n > 0;
}

const char *stream_open(struct stream *stream, int fd)
{
    gcry_error_t error;

    *stream = (struct stream){ .fd = fd };
    error = open_digest(&stream->digest);
    if (error != 0) {
        return gcry_strerror(error);
    }
    stream->raw = g_malloc(BUFFER_LEN);
    fill(stream);
    stream->inflater = inflater_new(stream->raw, stream->n_raw, &stream->is_compressed);
    stream->head = stream->raw;
    stream->n_head = stream->n_raw;
    return stream->error != 0 ? g_strerror(stream->error) : NULL;
}

/* The next octets of the capture. 0: its end. */
static gsize inflate_some(struct stream *stream, guint8 *out, gsize room)
{
    for (;;) {
        if (stream->at_raw == stream->n_raw && !fill(stream)) {
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
}

static gsize copy_some(struct stream *stream, guint8 *out, gsize room)
{
    if (stream->at_raw == stream->n_raw && !fill(stream)) {
        return 0;
    }
    gsize n = MIN(room, stream->n_raw - stream->at_raw);
    memcpy(out, stream->raw + stream->at_raw, n);
    stream->at_raw += n;
    return n;
}

static gsize read_some(struct stream *stream, guint8 *out, gsize room)
{
    return stream->inflater != NULL ? inflate_some(stream, out, room) : copy_some(stream, out, room);
}

/* The snapshot length in the header of a classic capture, which Wireshark does not look at, becomes the largest
 * there is: libpcap would cut longer frames. In either byte order. */
static void lift_snaplen(guint8 header[CLASSIC_LEN])
{
    static const guint8 big[] = { 0x00, 0x04, 0x00, 0x00 }, little[] = { 0x00, 0x00, 0x04, 0x00 };

    memcpy(header + CLASSIC_AT_SNAPLEN, header[0] == 0xa1 ? big : little, sizeof big);
}

/* Whether the field of a classic capture's link type holds more: that frames have a checksum, or a class. */
static bool find_link_flags(const guint8 header[CLASSIC_LEN])
{
    enum { HAS_CHECKSUM = 0x04, CLASS = 0x03 };
    const guint8 *field = header + CLASSIC_AT_LINK;
    bool is_big = header[0] == 0xa1;

    return ((is_big ? field[0] : field[3]) & (HAS_CHECKSUM | CLASS)) != 0 || (is_big ? field[1] : field[2]) != 0;
}

/* Reads the header of the capture, as far as it is there, and looks at it before libpcap does. */
static void read_beginning(struct stream *stream)
{
    static const guint8 pcapng[] = { 0x0a, 0x0d, 0x0d, 0x0a };

    for (gsize n = 1; n > 0 && stream->n_beginning < CLASSIC_LEN; stream->n_beginning += n) {
        n = read_some(stream, stream->beginning + stream->n_beginning, CLASSIC_LEN - stream->n_beginning);
    }
    stream->is_pcapng = stream->n_beginning >= sizeof pcapng && memcmp(stream->beginning, pcapng, sizeof pcapng) == 0;
    if (stream->is_pcapng) {
        pcapng_watch(&stream->watch, stream->beginning, stream->n_beginning);
    } else if (stream->n_beginning == CLASSIC_LEN) {
        stream->has_link_flags = find_link_flags(stream->beginning);
        lift_snaplen(stream->beginning);
    }
}

static ssize_t read_cookie(void *cookie, char *out, size_t room)
{
    struct stream *stream = cookie;
    gsize n = MIN(room, stream->n_beginning - stream->at_beginning);

    if (n > 0) {
        memcpy(out, stream->beginning + stream->at_beginning, n);
        stream->at_beginning += n;
        return (ssize_t)n;
    }
    n = read_some(stream, (guint8 *)out, room);
    if (stream->is_pcapng) {
        pcapng_watch(&stream->watch, (const guint8 *)out, n);
    }
    return (ssize_t)n;
}

FILE *stream_file(struct stream *stream)
{
    read_beginning(stream);
    FILE *file = fopencookie(stream, "r", (cookie_io_functions_t){ .read = read_cookie });

    if (file != NULL) {
        setvbuf(file, NULL, _IOFBF, BUFFER_LEN);
    }
    return file;
}

bool stream_drain(struct stream *stream)
{
    while (stream->error == 0 && fill(stream)) {
    }
    return stream->error == 0;
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
    if (stream->digest != NULL) {
        gcry_md_close(stream->digest);
    }
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    *stream = (struct stream){ .fd = -1 };
}
