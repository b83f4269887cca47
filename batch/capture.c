/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures as files: names, hashes, status. */
#include "capture.h"

#include "file_kind.h"
#include "plain_text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const status_names[N_CAPTURE_STATUSES] = { "ok",      "truncated",       "unreadable",
                                                              "timeout", "needs-wireshark", "skipped" };

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

/* What the first bytes of the content say of it, whether or not they are compressed. */
static void inspect_head(struct capture *capture, struct stream *stream)
{
    enum { WANTED = SKYPEFP_HEAD_BYTES + 16 };
    const char *head = (const char *)stream_peek(stream, WANTED);
    gsize len = head != NULL ? WANTED : stream_left(stream);

    head = (const char *)stream_peek(stream, len);
    capture->is_compressed = stream->is_compressed;
    capture->is_text = skypefp_begins_as_text(head, len);
    capture->is_packet_file = skypefp_begins_as_capture(head, len);
    capture->is_hidden =
        stream->is_compressed && len < SKYPEFP_MAGIC_BYTES && !(stream_is_readable(stream) && stream_is_whole(stream));
}

bool capture_open(struct capture *capture, struct stream *stream, gint64 deadline)
{
    struct stat status;
    int fd = open(capture->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer does not hold us */
    const char *reason = NULL;

    *stream = (struct stream){ .fd = -1 };
    if (fd < 0 || fstat(fd, &status) != 0) {
        reason = g_strerror(errno);
    } else if (!S_ISREG(status.st_mode)) {
        reason = "Not a regular file";
    }
    if (reason != NULL && fd >= 0) {
        close(fd);
    } else if (reason == NULL) {
        reason = stream_open(stream, fd);
    }
    if (reason != NULL) {
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup(reason));
        stream_close(stream);
        return false;
    }
    stream->deadline = deadline;
    inspect_head(capture, stream);
    return true;
}

enum capture_reading capture_close(struct capture *capture, struct stream *stream)
{
    const char *reason = !stream_drain(stream) ? g_strerror(stream->error) : NULL;

    if (stream->stop != STREAM_GOES_ON) {
        enum capture_reading stopped = stream->stop == STREAM_INTERRUPTED ? CAPTURE_INTERRUPTED : CAPTURE_TIME_LIMIT;
        stream_close(stream);
        return stopped;
    }
    if (reason == NULL) {
        capture->size = stream->size;
        capture->sha256 = stream_sha256(stream);
    }
    if (reason == NULL && capture->size == 0) {
        reason = "The file is empty (0 bytes)";
    }
    if (reason != NULL) {
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup(reason));
    }
    stream_close(stream);
    return reason == NULL ? CAPTURE_READ : CAPTURE_NOT_READ;
}

enum capture_reading capture_hash(struct capture *capture, gint64 deadline)
{
    struct stream stream;

    return !capture_open(capture, &stream, deadline) ? CAPTURE_NOT_READ : capture_close(capture, &stream);
}
