/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extracts of captures. The file is read three times: to find what is in it, to choose frames, and to copy them. Each
 * time it is hashed: by its name, another file may be there by now. */
#include "extract.h"

#include "extract_choice.h"
#include "extract_known.h"
#include "frames.h"
#include "pcapng_writer.h"
#include "plain_text.h"
#include "skypefp_version.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* One reading of the file. */
struct pass {
    struct stream stream;
    struct frames *frames;
    skypefp_decoder *decoder;
    uint32_t n_frames;
};

typedef void pass_handler(struct choice *choice, const skypefp_packet *packet, bool is_of_frame);

static const char *pass_open(struct pass *pass, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    *pass = (struct pass){ .stream = { .fd = -1 } };
    if (fd < 0) {
        return g_strerror(errno);
    }
    const char *reason = stream_open(&pass->stream, fd);
    if (reason != NULL) {
        return reason;
    }
    pass->frames = frames_open(&pass->stream, false);
    pass->decoder = skypefp_decoder_new();
    return pass->frames != NULL ? NULL : "only Wireshark can read it";
}

/* Reads the rest. Why the pass is of no use: the reason given, or what was read is not what was examined; NULL: it is
 * of use. */
static const char *pass_close(struct pass *pass, const struct capture *capture, const char *reason)
{
    bool is_read = pass->frames != NULL && stream_drain(&pass->stream);

    if (pass->stream.stop != STREAM_GOES_ON) {
        reason = "a signal ended the run";
    } else if (pass->frames != NULL && !is_read) {
        reason = g_strerror(pass->stream.error);
    } else if (is_read) {
        char *sha256 = stream_sha256(&pass->stream);
        reason = strcmp(sha256, capture->sha256) == 0 ? reason : "the file has changed since it was examined";
        g_free(sha256);
    }
    if (pass->frames != NULL) {
        frames_close(pass->frames);
    }
    if (pass->decoder != NULL) {
        skypefp_decoder_free(pass->decoder);
    }
    stream_close(&pass->stream);
    return reason;
}

/* Whether a packet's payload is the frame's own, not put together from fragments. */
static bool is_of_frame(const skypefp_packet *packet, const skypefp_frame *frame)
{
    guintptr begin = (guintptr)frame->data, at = (guintptr)packet->data;

    return packet->len == 0 || (at >= begin && at < begin + frame->len);
}

static const char *read_packets(const struct capture *capture, struct choice *choice, pass_handler *handle)
{
    struct pass pass;
    const char *reason = pass_open(&pass, capture->path);
    enum frames_event event = FRAMES_END;
    skypefp_frame frame;
    struct frame_time when;

    while (reason == NULL && (event = frames_next(pass.frames, &frame, &when)) == FRAMES_FRAME) {
        skypefp_packet packet;
        enum skypefp_decoded decoded = skypefp_decode(pass.decoder, &frame, &packet);
        pass.n_frames++;
        choice_note_frame(choice, pass.n_frames, decoded == SKYPEFP_NOTHING);
        if (decoded == SKYPEFP_DECIDED) {
            packet.frame = pass.n_frames;
            packet.time_us = frame_time_us(&when);
            handle(choice, &packet, is_of_frame(&packet, &frame));
        } else if (decoded == SKYPEFP_NOT_SURE) {
            reason = "only Wireshark can decide it";
        }
    }
    reason = reason == NULL && event == FRAMES_NOT_SURE ? "only Wireshark can read it to its end" : reason;
    return pass_close(&pass, capture, reason);
}

/* ---- the copy ---- */

static void write_frame(FILE *file, guint32 interface, const skypefp_frame *frame, const struct frame_time *when,
                        const char *comment)
{
    guint64 time_ns = (guint64)when->seconds * 1000000000u + (guint64)(gint64)when->nanoseconds;

    pcapng_write_packet(file, interface, time_ns, frame->data, frame->len, frame->wire_len, comment);
}

static void write_head(FILE *file, const struct capture *capture, const struct choice *choice)
{
    char *comment = g_strdup_printf(
        "Extract of %s, SHA-256 %s: %u of its frames, those that are marked as peer-to-peer Skype and those "
        "that they depend on. Each has a comment with its number there.",
        capture->name, capture->sha256, choice_count(choice));

    pcapng_write_section(file, comment, "skypefp-batch " SKYPEFP_VERSION);
    g_free(comment);
}

/* The extract's interface for frames of a link type, a new one if there is none. */
static guint32 find_interface(FILE *file, GArray *links, int link)
{
    guint id = 0;

    while (id < links->len && g_array_index(links, int, id) != link) {
        id++;
    }
    if (id == links->len) {
        pcapng_write_interface(file, (guint16)link);
        g_array_append_val(links, link);
    }
    return id;
}

static const char *copy_frames(const struct capture *capture, const struct choice *choice, FILE *file)
{
    struct pass pass;
    const char *reason = pass_open(&pass, capture->path);
    GArray *links = g_array_new(FALSE, FALSE, sizeof(int));
    skypefp_frame frame;
    struct frame_time when;

    while (reason == NULL && frames_next(pass.frames, &frame, &when) == FRAMES_FRAME) {
        if (choice_contains(choice, ++pass.n_frames)) {
            char *comment = choice_comment(choice, pass.n_frames);
            if (links->len == 0) {
                write_head(file, capture, choice);
            }
            write_frame(file, find_interface(file, links, frame.link), &frame, &when, comment);
            g_free(comment);
        }
    }
    g_array_unref(links);
    return pass_close(&pass, capture, reason);
}

/* NAME-HASH.pcapng in the folder, where HASH is the beginning of the hash of the content; to be freed. */
static char *make_path(const struct capture *capture, const char *folder)
{
    enum { HASH_LEN = 12 };
    char *base = g_path_get_basename(capture->path);
    char *name = skypefp_escape_name(base, NULL);
    char *path = g_strdup_printf("%s%s%s-%.*s.pcapng", folder, G_DIR_SEPARATOR_S, name, HASH_LEN, capture->sha256);

    g_free(name);
    g_free(base);
    return path;
}

/* Never opens what is there. */
static FILE *create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    return fd >= 0 ? fdopen(fd, "wb") : NULL;
}

/* Whether the extract is there already, from an earlier run or from a copy of the capture. */
static bool is_there(const struct capture *capture, const struct choice *choice, const char *path)
{
    FILE *file = tmpfile();
    bool is_there = file != NULL && copy_frames(capture, choice, file) == NULL && fflush(file) == 0 &&
                    extract_is_same(path, capture->sha256, file);

    if (file != NULL) {
        fclose(file);
    }
    return is_there;
}

static bool write_extract(const struct capture *capture, const struct choice *choice, const char *path, char **reason)
{
    FILE *file = create(path);

    if (file == NULL) {
        int error = errno;
        if (error == EEXIST && is_there(capture, choice, path)) {
            return true;
        }
        *reason = error == EEXIST
                      ? g_strdup_printf("\"%s\" exists and is not the complete extract (a killed run leaves an "
                                        "incomplete one); move it away",
                                        path)
                      : g_strdup_printf("could not write \"%s\": %s", path, g_strerror(error));
        return false;
    }
    const char *fault = copy_frames(capture, choice, file);
    bool is_written = !ferror(file);
    is_written = fclose(file) == 0 && is_written && fault == NULL;
    if (!is_written) {
        *reason = g_strdup_printf("could not write \"%s\": %s", path, fault != NULL ? fault : g_strerror(errno));
        g_unlink(path); /* this run made it */
    }
    return is_written;
}

bool extract_capture(const struct capture *capture, const char *folder, char **reason)
{
    struct choice *choice = choice_new();
    const char *fault =
        capture->sha256 == NULL ? "its content has no hash" : read_packets(capture, choice, choice_observe);
    bool is_done = true;

    fault = fault == NULL ? read_packets(capture, choice, choice_pick) : fault;
    if (fault != NULL) {
        *reason = g_strdup_printf("could not extract from \"%s\": %s", capture->name, fault);
        is_done = false;
    } else if (choice_count(choice) > 0) {
        char *path = make_path(capture, folder);
        is_done = write_extract(capture, choice, path, reason);
        g_free(path);
    }
    choice_free(choice);
    return is_done;
}
