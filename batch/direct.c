/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a capture frame by frame and observes what the plugin would observe. */
#include "direct.h"

#include "document.h"
#include "frames.h"
#include "interrupt.h"

enum { SLICE = 4096 }; /* frames between two looks at the clock */

/* What one capture comes to. */
struct reading {
    skypefp_decoder *decoder;
    skypefp_tracker *tracker;
    skypefp_services *services;
    skypefp_config config;
    uint32_t n_frames;
    struct frame_time first, last;
};

static void reading_begin(struct reading *reading)
{
    *reading = (struct reading){ .config = skypefp_default_config() };
    reading->config.hash_seed = (uint64_t)g_random_int() << 32 | g_random_int();
    reading->decoder = skypefp_decoder_new();
    reading->tracker = skypefp_tracker_new(&reading->config);
    reading->services = skypefp_services_new(g_random_int());
}

static void reading_end(struct reading *reading)
{
    skypefp_services_free(reading->services);
    skypefp_tracker_free(reading->tracker);
    skypefp_decoder_free(reading->decoder);
}

static bool is_before(const struct frame_time *a, const struct frame_time *b)
{
    return a->seconds != b->seconds ? a->seconds < b->seconds : a->nanoseconds < b->nanoseconds;
}

static void count_frame(struct reading *reading, const struct frame_time *when)
{
    if (reading->n_frames == 0 || is_before(when, &reading->first)) {
        reading->first = *when;
    }
    if (reading->n_frames == 0 || is_before(&reading->last, when)) {
        reading->last = *when;
    }
    reading->n_frames++;
}

/* False: not sure of the frame. */
static bool take_frame(struct reading *reading, const skypefp_frame *frame, const struct frame_time *when)
{
    skypefp_packet packet;
    skypefp_sighting sighting;
    skypefp_answerer answerer;
    enum skypefp_decoded decoded = skypefp_decode(reading->decoder, frame, &packet);

    count_frame(reading, when);
    if (decoded != SKYPEFP_DECIDED) {
        return decoded == SKYPEFP_NOTHING;
    }
    packet.frame = reading->n_frames;
    /* Unsigned: a hostile capture's seconds may be anything. */
    packet.time_us =
        (int64_t)((uint64_t)when->seconds * G_USEC_PER_SEC + (uint64_t)(int64_t)(when->nanoseconds / 1000));
    skypefp_observe(reading->tracker, &packet, &sighting);
    skypefp_services_observe(reading->services, &packet, &answerer);
    return true;
}

static enum direct_outcome read_frames(struct reading *reading, struct frames *frames, gint64 deadline)
{
    enum frames_event event;
    skypefp_frame frame;
    struct frame_time when;

    while ((event = frames_next(frames, &frame, &when)) == FRAMES_FRAME) {
        if (reading->n_frames == G_MAXUINT32 || !take_frame(reading, &frame, &when)) {
            return DIRECT_NOT_SURE;
        }
        if (reading->n_frames % SLICE == 0 && interrupted()) {
            return DIRECT_INTERRUPTED;
        }
        if (reading->n_frames % SLICE == 0 && g_get_monotonic_time() > deadline) {
            return DIRECT_TIME_LIMIT;
        }
    }
    return event == FRAMES_END ? DIRECT_DECIDED : event == FRAMES_DAMAGED ? DIRECT_DAMAGED : DIRECT_NOT_SURE;
}

static JsonObject *make_document(const struct reading *reading)
{
    skypefp_summary *summary = skypefp_summarize(reading->tracker, SKYPEFP_LIKELY);
    JsonObject *document = report_make(&(struct report_facts){
        .tracker = reading->tracker,
        .summary = summary,
        .services = reading->services,
        .config = &reading->config,
        .threshold = SKYPEFP_LIKELY,
        .engine = "direct",
        .n_frames = reading->n_frames,
        .first = { reading->first.seconds, reading->first.nanoseconds },
        .last = { reading->last.seconds, reading->last.nanoseconds },
    });

    skypefp_summary_free(summary);
    return document;
}

/* The capture in a stream, whose rest is left there. */
static enum direct_outcome read_stream(struct capture *capture, struct stream *stream, gint64 deadline)
{
    struct frames *frames = frames_open(stream, false);
    struct reading reading;

    if (frames == NULL) {
        return DIRECT_NOT_SURE;
    }
    reading_begin(&reading);
    enum direct_outcome outcome =
        g_get_monotonic_time() > deadline ? DIRECT_TIME_LIMIT : read_frames(&reading, frames, deadline);
    if (outcome == DIRECT_DECIDED || outcome == DIRECT_DAMAGED) {
        capture->document = make_document(&reading);
    }
    if (outcome == DIRECT_DAMAGED) {
        capture_set_status(capture, CAPTURE_OK, g_strdup(frames_damage(frames)));
    }
    reading_end(&reading);
    frames_close(frames);
    return outcome;
}

enum direct_outcome direct_read(struct capture *capture, gint64 deadline)
{
    struct stream stream;

    if (!capture_open(capture, &stream)) {
        return DIRECT_UNREADABLE;
    }
    enum direct_outcome outcome = read_stream(capture, &stream, deadline);
    if (outcome == DIRECT_INTERRUPTED) {
        stream_close(&stream);
        return outcome;
    }
    g_clear_pointer(&capture->sha256, g_free);
    if (!capture_close(capture, &stream)) {
        g_clear_pointer(&capture->document, json_object_unref);
        return DIRECT_UNREADABLE;
    }
    return outcome;
}
