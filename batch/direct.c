/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a capture frame by frame and observes what the plugin would observe. */
#include "direct.h"

#include "interrupt.h"
#include "observing.h"

enum {
    SLICE = 4096,    /* frames between two looks at the clock; the stream looks at it, too */
    HASH_SECONDS = 5 /* that the hash may take after the time limit, at least; otherwise as long again */
};

static enum direct_outcome read_frames(struct observing *observing, struct frames *frames, gint64 deadline)
{
    enum frames_event event;
    skypefp_frame frame;
    struct frame_time when;
    skypefp_sighting sighting;

    while ((event = frames_next(frames, &frame, &when)) == FRAMES_FRAME) {
        if (observing->n_frames == G_MAXUINT32 ||
            observing_take(observing, &frame, &when, &sighting) == OBSERVED_NOT_SURE) {
            return DIRECT_NOT_SURE;
        }
        if (observing->n_frames % SLICE == 0 && interrupted()) {
            return DIRECT_INTERRUPTED;
        }
        if (observing->n_frames % SLICE == 0 && g_get_monotonic_time() > deadline) {
            return DIRECT_TIME_LIMIT;
        }
    }
    return event == FRAMES_END ? DIRECT_DECIDED : event == FRAMES_DAMAGED ? DIRECT_DAMAGED : DIRECT_NOT_SURE;
}

/* Why a stream that was stopped gave nothing more; otherwise the outcome given. */
static enum direct_outcome why_stopped(const struct stream *stream, enum direct_outcome otherwise)
{
    return stream->stop == STREAM_INTERRUPTED  ? DIRECT_INTERRUPTED
           : stream->stop == STREAM_TIME_LIMIT ? DIRECT_TIME_LIMIT
                                               : otherwise;
}

/* The capture in a stream, whose rest is left there. */
static enum direct_outcome read_stream(struct capture *capture, struct stream *stream, bool near_misses,
                                       gint64 deadline)
{
    struct frames *frames = frames_open(stream, false);
    struct observing observing;
    skypefp_config config = skypefp_default_config();

    if (frames == NULL) {
        return why_stopped(stream, DIRECT_NOT_SURE);
    }
    config.near_misses = near_misses;
    observing_begin(&observing, &config);
    enum direct_outcome outcome =
        g_get_monotonic_time() > deadline ? DIRECT_TIME_LIMIT : read_frames(&observing, frames, deadline);
    outcome = why_stopped(stream, outcome);
    if (outcome == DIRECT_DECIDED || outcome == DIRECT_DAMAGED) {
        capture->document = observing_make_document(&observing);
    }
    if (outcome == DIRECT_DAMAGED) {
        capture_set_status(capture, CAPTURE_OK, g_strdup(frames_damage(frames)));
    }
    observing_end(&observing);
    frames_close(frames);
    return outcome;
}

/* Hashes the rest. */
static enum direct_outcome close_stream(struct capture *capture, struct stream *stream, enum direct_outcome outcome)
{
    g_clear_pointer(&capture->sha256, g_free);
    switch (capture_close(capture, stream)) {
    case CAPTURE_READ:
        return outcome;
    case CAPTURE_NOT_READ:
        outcome = DIRECT_UNREADABLE;
        break;
    case CAPTURE_TIME_LIMIT:
        outcome = DIRECT_TIME_LIMIT;
        break;
    case CAPTURE_INTERRUPTED:
        outcome = DIRECT_INTERRUPTED;
        break;
    }
    g_clear_pointer(&capture->document, json_object_unref);
    return outcome;
}

enum direct_outcome direct_read(struct capture *capture, bool near_misses, gint64 deadline)
{
    gint64 begun = g_get_monotonic_time();
    struct stream stream;

    if (!capture_open(capture, &stream, deadline)) {
        return DIRECT_UNREADABLE;
    }
    enum direct_outcome outcome = read_stream(capture, &stream, near_misses, deadline);
    if (outcome == DIRECT_INTERRUPTED) {
        stream_close(&stream);
        return outcome;
    }
    if (outcome == DIRECT_TIME_LIMIT) {
        stream.stop = STREAM_GOES_ON;
        stream.deadline = g_get_monotonic_time() + MAX(deadline - begun, HASH_SECONDS * G_USEC_PER_SEC);
    }
    return close_stream(capture, &stream, outcome);
}
