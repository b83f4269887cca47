/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows standard input. */
#include "follow.h"

#include "address.h"
#include "document_endpoints.h"
#include "interrupt.h"
#include "members.h"
#include "observing.h"
#include "report.h"
#include "verdict.h"

#include <string.h>
#include <unistd.h>

/* An endpoint that was printed. A verdict counts as long as an owner of an address and port lasts without evidence, at
 * the longest. */
struct known {
    struct endpoint_key key;
    enum skypefp_verdict verdict;
    int64_t time_us;
};

struct following {
    struct reporting *reporting;
    struct observing observing;
    GHashTable *known; /* key -> struct known, which holds it */
    struct hash_key hash_key;
    GQueue order;     /* the same, oldest first */
    gint64 looked_us; /* when all endpoints were looked at last; monotonic */
    uint64_t n_passed_over;
    const char *fault; /* why it ended early; NULL: it did not */
};

/* The entry of an endpoint, a new one without a verdict if there is none; the oldest makes room for it. */
static struct known *find_known(struct following *following, const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);
    struct known fresh = { .key = skypefp_key(&following->hash_key, &address) };
    struct known *known = g_hash_table_lookup(following->known, &fresh.key);
    if (known == NULL) {
        if (following->order.length == FOLLOW_MAX_KNOWN) {
            struct known *oldest = g_queue_pop_head(&following->order);
            g_hash_table_remove(following->known, &oldest->key);
        }
        known = g_memdup2(&fresh, sizeof fresh);
        g_hash_table_insert(following->known, &known->key, known);
        g_queue_push_tail(&following->order, known);
    }
    return known;
}

/* When and in which frame a verdict was reached. */
struct moment {
    int64_t time_us;
    uint32_t frame;
};

/* {"schema":"skypefp-finding/1","time":…,"frame":…,"address":…,"port":…,"verdict":…,"bits":…,"evidence":[…]} */
static void print_endpoint(struct following *following, struct moment moment, const skypefp_endpoint *endpoint,
                           enum skypefp_verdict verdict, int bits)
{
    JsonObject *line = json_object_new();
    skypefp_address address = skypefp_endpoint_address(endpoint);

    json_object_set_string_member(line, "schema", FINDING_SCHEMA);
    report_set_time(line, "time", moment.time_us);
    report_set_frame(line, "frame", moment.frame);
    report_set_address(line, &address);
    json_object_set_string_member(line, "verdict", skypefp_verdict_name(verdict));
    json_object_set_int_member(line, "bits", bits);
    json_object_set_array_member(line, "evidence", report_make_evidence(endpoint));
    char *text = report_print(line, false);
    reporting_say(following->reporting, text);
    g_free(text);
    json_object_unref(line);
}

/* Prints an endpoint that has just become likely or certain. */
static void look_at(struct following *following, struct moment moment, const skypefp_endpoint *endpoint)
{
    int bits;

    if (endpoint == NULL) {
        return;
    }
    enum skypefp_verdict verdict = skypefp_endpoint_verdict(following->observing.tracker, endpoint, &bits);
    if (verdict < SKYPEFP_LIKELY) {
        return;
    }
    struct known *known = find_known(following, endpoint);
    if (verdict > known->verdict || moment.time_us - known->time_us > skypefp_tenancy_us(true)) {
        known->verdict = verdict;
        print_endpoint(following, moment, endpoint, verdict, bits);
    }
    known->time_us = MAX(known->time_us, moment.time_us);
}

/* Prints those that other packets than their own made what they are: peers that answered, answers whose meaning a
 * later answer shows. */
static void look_at_all(struct following *following)
{
    skypefp_summary *summary = skypefp_summarize(following->observing.tracker, SKYPEFP_LIKELY);

    for (unsigned i = 0; i < summary->n_endpoints; i++) {
        const skypefp_endpoint_summary *sums = &summary->endpoints[i];
        look_at(following, (struct moment){ sums->proof_us, sums->proof }, sums->endpoint);
    }
    skypefp_summary_free(summary);
}

/* Evidence on a packet: its ends at once, all others at most once a minute. */
static void take_evidence(struct following *following, const skypefp_sighting *sighting)
{
    static const int64_t MINUTE_US = (int64_t)60 * G_USEC_PER_SEC;
    struct moment moment = { sighting->time_us, sighting->frame };

    look_at(following, moment, sighting->finding->src);
    look_at(following, moment, sighting->finding->dst);
    gint64 now = g_get_monotonic_time();
    if (now - following->looked_us > MINUTE_US) {
        following->looked_us = now;
        look_at_all(following);
    }
}

static void take_frame(struct following *following, const skypefp_frame *frame, const struct frame_time *when)
{
    skypefp_sighting sighting;

    switch (observing_take(&following->observing, frame, when, &sighting)) {
    case OBSERVED_SIGHTING:
        if (sighting.finding->evidence != NULL) {
            take_evidence(following, &sighting);
        }
        break;
    case OBSERVED_NOT_SURE:
        following->n_passed_over++;
        skypefp_decoder_recover(following->observing.decoder);
        break;
    case OBSERVED_NOTHING:
        break;
    }
}

static void take_frames(struct following *following, struct frames *frames)
{
    enum frames_event event = FRAMES_FRAME;
    skypefp_frame frame;
    struct frame_time when;

    while (!interrupted() && !reporting_is_pointless(following->reporting) &&
           (event = frames_next(frames, &frame, &when)) == FRAMES_FRAME) {
        take_frame(following, &frame, &when);
    }
    if (!interrupted()) {
        following->fault = event == FRAMES_DAMAGED    ? frames_damage(frames)
                           : event == FRAMES_NOT_SURE ? "Only Wireshark can read on"
                                                      : NULL;
    }
}

/* What became of all of it. */
static void conclude(struct following *following, struct capture *capture)
{
    look_at_all(following);
    capture->document = observing_make_document(&following->observing);
    if (following->n_passed_over > 0 || following->fault != NULL) {
        const char *fault = following->fault != NULL ? following->fault : "";
        char *passed_over =
            following->n_passed_over > 0
                ? g_strdup_printf("%s%" G_GUINT64_FORMAT " frames that only Wireshark can decide were passed over",
                                  fault[0] != '\0' ? "; " : "", following->n_passed_over)
                : NULL;
        capture_set_status(capture, CAPTURE_TRUNCATED, g_strconcat(fault, passed_over, NULL));
        g_free(passed_over);
    }
}

static void follow_stream(struct following *following, struct capture *capture, struct stream *stream)
{
    struct frames *frames = frames_open(stream, true);

    if (frames == NULL) {
        capture_set_status(capture, CAPTURE_UNREADABLE,
                           g_strdup(interrupted() ? "Nothing came"
                                                  : "Not a stream of pcap or pcapng that can be followed"));
        return;
    }
    skypefp_config config = skypefp_default_config();
    config.max_findings = FOLLOW_MAX_FINDINGS;
    config.near_misses = following->reporting->options->near_misses;
    observing_begin(&following->observing, &config);
    take_frames(following, frames);
    conclude(following, capture);
    observing_end(&following->observing);
    frames_close(frames);
}

void follow_stdin(struct reporting *reporting, struct capture *capture)
{
    struct following following = {
        .reporting = reporting,
        .known = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, NULL, g_free),
        .hash_key = skypefp_hash_key((guint64)g_random_int() << 32 | g_random_int()),
        .order = G_QUEUE_INIT,
        .looked_us = g_get_monotonic_time(),
    };
    struct stream stream = { .fd = -1 };
    const char *reason =
        isatty(STDIN_FILENO) ? "Standard input is a terminal" : stream_open(&stream, dup(STDIN_FILENO));

    if (reason == NULL || interrupted()) {
        follow_stream(&following, capture, &stream);
        capture->size = stream.size;
        capture->sha256 = stream_sha256(&stream);
    } else {
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup(reason));
    }
    stream_close(&stream);
    reporting_add(reporting, capture);
    g_queue_clear(&following.order);
    g_hash_table_destroy(following.known);
}
