/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures as files: names, hashes, and what became of reading them. */
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_OCTETS = 4096 };    /* of a file that tell whether it is text */

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

bool text_is_plain(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (g_unichar_iscntrl(g_utf8_get_char(p))) {
            return false;
        }
    }
    return true;
}

char *escape_name(const char *path, bool *is_escaped)
{
    *is_escaped = !text_is_plain(path);
    return *is_escaped ? g_uri_escape_string(path, "/ !\"#$&'()*+,:;<=>?@[\\]^`{|}", FALSE) : g_strdup(path);
}

struct capture *capture_new(const char *path, bool is_found)
{
    struct capture *capture = g_new0(struct capture, 1);

    capture->path = g_strdup(path);
    capture->name = escape_name(path, &capture->is_escaped);
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

/* UTF-8 without control characters other than white space; the last character may go on behind the octets. */
static bool begins_as_text(const guchar *octets, gsize n)
{
    const char *begin = (const char *)octets, *end;
    gssize len = (gssize)MIN(n, TEXT_OCTETS);

    if (!g_utf8_validate(begin, len, &end) &&
        (n <= TEXT_OCTETS || g_utf8_get_char_validated(end, begin + len - end) != (gunichar)-2)) {
        return false;
    }
    for (const char *p = begin; p < end; p = g_utf8_find_next_char(p, NULL)) {
        if (g_unichar_iscntrl(g_utf8_get_char(p)) && !g_ascii_isspace(*p)) {
            return false;
        }
    }
    return true;
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
                capture->is_text = begins_as_text(buffer, (gsize)n);
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

bool has_capture_suffix(const struct capture *capture)
{
    static const char *const parts[] = { "pcap", "pcapng", "cap", "ntar", "trace", "dmp", "dump", "snoop", "erf" };
    char *base = g_path_get_basename(capture->path);
    char **pieces = g_strsplit(base, ".", -1);
    bool found = false;

    for (unsigned i = 1; pieces[0] != NULL && pieces[i] != NULL && !found; i++) {
        for (unsigned k = 0; k < G_N_ELEMENTS(parts) && !found; k++) {
            found = g_ascii_strcasecmp(pieces[i], parts[k]) == 0;
        }
    }
    g_strfreev(pieces);
    g_free(base);
    return found;
}
