/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures as files: names, hashes, and what became of reading them. */
#include "capture.h"

#include "file_kind.h"
#include "plain_text.h"

#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const status_names[N_CAPTURE_STATUSES] = { "ok", "truncated", "unreadable", "timeout", "skipped" };

const char *capture_status_name(enum capture_status status)
{
    return status_names[status];
}

enum capture_status capture_status_of(const char *name)
{
    int status = 0;

    while (status < N_CAPTURE_STATUSES && g_strcmp0(status_names[status], name) != 0) {
        status++;
    }
    return (enum capture_status)status;
}

struct capture *capture_new(const char *path, bool is_found)
{
    struct capture *capture = g_new0(struct capture, 1);

    capture->path = g_strdup(path);
    capture->name = skypefp_escape_name(path, &capture->is_escaped);
    capture->is_found = is_found;
    capture->size = -1;
    return capture;
}

void capture_free(struct capture *capture)
{
    g_clear_pointer(&capture->document, json_object_unref);
    g_free(capture->path);
    g_free(capture->name);
    g_free(capture->sha256);
    g_free(capture->message);
    g_free(capture);
}

void capture_set_status(struct capture *capture, enum capture_status status, char *message)
{
    capture->status = status;
    g_free(capture->message);
    capture->message = message;
}

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

static char *print_digest(gcry_md_hd_t digest)
{
    const guchar *octets = gcry_md_read(digest, GCRY_MD_SHA256);
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < gcry_md_get_algo_dlen(GCRY_MD_SHA256); i++) {
        g_string_append_printf(text, "%02x", octets[i]);
    }
    return g_string_free(text, FALSE);
}

/* gzip, zstd, lz4: what Wireshark reads compressed. */
static bool begins_compressed(const guchar *octets, gsize n)
{
    static const struct { gsize len; guchar octets[4]; } magics[] = {
        { 2, { 0x1f, 0x8b } }, { 4, { 0x28, 0xb5, 0x2f, 0xfd } }, { 4, { 0x04, 0x22, 0x4d, 0x18 } },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(magics); i++) {
        if (n >= magics[i].len && memcmp(octets, magics[i].octets, magics[i].len) == 0) {
            return true;
        }
    }
    return false;
}

/* pcap or pcapng, also inside gzip. */
static bool holds_packets(const guchar *octets, gsize n)
{
    char head[SKYPEFP_HEAD_BYTES];
    gsize n_read, n_written = 0;

    if (n >= 2 && octets[0] == 0x1f && octets[1] == 0x8b) {
        GConverter *gzip = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
        g_converter_convert(gzip, octets, n, head, sizeof head, G_CONVERTER_NO_FLAGS, &n_read, &n_written, NULL);
        g_object_unref(gzip);
        return skypefp_begins_as_capture(head, n_written);
    }
    return skypefp_begins_as_capture((const char *)octets, n);
}

/* Reads the file to its end. NULL: size and hash are set; otherwise why not. */
static const char *hash_content(struct capture *capture, int fd)
{
    static const gsize BUFFER = 1 << 18;
    gcry_md_hd_t digest;
    gcry_error_t error = open_digest(&digest);
    gint64 size = 0;
    ssize_t n;

    if (error != 0) {
        return gcry_strerror(error);
    }
    guchar *buffer = g_malloc(BUFFER);
    while ((n = read(fd, buffer, BUFFER)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0) {
            if (size == 0) {
                capture->is_compressed = begins_compressed(buffer, (gsize)n);
                capture->is_text = skypefp_begins_as_text((const char *)buffer, (gsize)n);
                capture->is_packet_file = holds_packets(buffer, (gsize)n);
            }
            gcry_md_write(digest, buffer, (size_t)n);
            size += n;
        }
    }
    const char *reason = n < 0 ? g_strerror(errno) : NULL;
    if (reason == NULL) {
        capture->size = size;
        capture->sha256 = print_digest(digest);
    }
    g_free(buffer);
    gcry_md_close(digest);
    return reason;
}

bool capture_hash(struct capture *capture)
{
    struct stat status;
    int fd = open(capture->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);    /* a pipe without a writer does not hold us */
    const char *reason = NULL;

    if (fd < 0 || fstat(fd, &status) != 0) {
        reason = g_strerror(errno);
    } else if (!S_ISREG(status.st_mode)) {
        reason = "Not a regular file";
    } else {
        reason = hash_content(capture, fd);
    }
    if (reason == NULL && capture->size == 0) {
        reason = "The file is empty (0 bytes)";
    }
    if (reason != NULL) {
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup(reason));
    }
    if (fd >= 0) {
        close(fd);
    }
    return reason == NULL;
}
