/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures as files: names, hashes, and what became of reading them. */
#include "capture.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
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

static bool is_plain(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_iscntrl(*p)) {
            return false;
        }
    }
    return g_utf8_validate(text, -1, NULL);
}

char *escape_name(const char *path, bool *is_escaped)
{
    *is_escaped = !is_plain(path);
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

void capture_fail(struct capture *capture, enum capture_status status, char *message)
{
    capture->status = status;
    g_free(capture->message);
    capture->message = message;
}

static bool hash_content(struct capture *capture, int fd)
{
    enum { BUFFER = 256 * 1024 };
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar *buffer = g_malloc(BUFFER);
    ssize_t n;

    capture->size = 0;
    while ((n = read(fd, buffer, BUFFER)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0) {
            g_checksum_update(checksum, buffer, n);
            capture->size += n;
        }
    }
    if (n < 0) {
        capture->size = -1;
        capture_fail(capture, CAPTURE_UNREADABLE, g_strdup(g_strerror(errno)));
    } else {
        capture->sha256 = g_strdup(g_checksum_get_string(checksum));
    }
    g_free(buffer);
    g_checksum_free(checksum);
    return n == 0;
}

bool capture_hash(struct capture *capture)
{
    struct stat status;
    int fd = open(capture->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);    /* a pipe without a writer does not hold us */
    bool is_fine = false;

    if (fd < 0 || fstat(fd, &status) != 0) {
        capture_fail(capture, CAPTURE_UNREADABLE, g_strdup(g_strerror(errno)));
    } else if (!S_ISREG(status.st_mode)) {
        capture_fail(capture, CAPTURE_UNREADABLE, g_strdup("Not a regular file"));
    } else {
        is_fine = hash_content(capture, fd);
        if (is_fine && capture->size == 0) {
            is_fine = false;
            capture_fail(capture, CAPTURE_UNREADABLE, g_strdup("The file is empty (0 bytes)"));
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return is_fine;
}

bool capture_is_named_so(const struct capture *capture)
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

enum skypefp_verdict verdict_by_name(const char *name)
{
    for (int verdict = SKYPEFP_CERTAIN; verdict > SKYPEFP_NONE; verdict--) {
        if (g_strcmp0(name, skypefp_verdict_name((enum skypefp_verdict)verdict)) == 0) {
            return (enum skypefp_verdict)verdict;
        }
    }
    return SKYPEFP_NONE;
}

enum skypefp_verdict document_verdict(JsonObject *document)
{
    enum skypefp_verdict strongest = SKYPEFP_NONE;
    JsonArray *endpoints = document != NULL ? report_array(document, "endpoints") : NULL;

    for (guint i = 0; endpoints != NULL && i < json_array_get_length(endpoints); i++) {
        JsonObject *endpoint = report_object_at(endpoints, i);
        if (endpoint != NULL) {
            strongest = MAX(strongest, verdict_by_name(report_string(endpoint, "verdict")));
        }
    }
    return strongest;
}
