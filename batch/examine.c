/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has a capture decided by this program, or by sharkd, or by tshark where sharkd does not know, and says what became
 * of it. */
#include "examine.h"

#include "direct.h"
#include "encapsulation.h"
#include "file_kind.h"
#include "plain_text.h"
#include "report.h"
#include "start.h"

#include <string.h>

#define NO_CAPTURE "isn't a capture file in a format"
#define NO_PACKETS "The file holds no packets; Wireshark opens it as another kind of file"

static bool is_not_a_capture(const char *message)
{
    return strstr(message, NO_CAPTURE) != NULL;
}

/* Wireshark's complaint without the name of the program and the file, on one line of UTF-8. */
static char *make_message(const char *errors)
{
    char *text = skypefp_make_plain(errors);
    char *file = strstr(text, "The file \"");
    char *end = file != NULL ? strstr(file, "\" ") : NULL;
    char *message = end != NULL ? g_strconcat("The file ", end + 2, NULL) : g_strdup(text);

    g_free(text);
    if (is_not_a_capture(message)) { /* each program puts its own name here */
        g_free(message);
        message = g_strdup("The file " NO_CAPTURE " Wireshark understands.");
    }
    g_strstrip(message);
    return message;
}

/* Whether a file that cannot be decided is not worth a line: it was found, and nothing says that it is a capture. One
 * that is compressed, and damaged before its content shows what it is, may be one. */
static bool may_be_skipped(const struct capture *capture)
{
    return capture->is_found && !capture->is_packet_file && !capture->is_hidden &&
           !skypefp_has_capture_suffix(capture->path);
}

/* Nothing could be read. */
static void refuse(struct capture *capture, const char *errors, const char *otherwise)
{
    char *message = errors != NULL && *errors != '\0' ? make_message(errors) : g_strdup(otherwise);
    bool is_skipped = may_be_skipped(capture) && (is_not_a_capture(message) || strcmp(message, NO_PACKETS) == 0);

    capture_set_status(capture, is_skipped ? CAPTURE_SKIPPED : CAPTURE_UNREADABLE, message);
}

static bool has_frames(JsonObject *document)
{
    JsonObject *capture = report_object(document, "capture");

    return capture != NULL && report_number(capture, "frames", 0) > 0;
}

/* Wireshark reads some texts as truncated captures in formats without a magic number. */
static bool is_passed_over(const struct capture *capture)
{
    return capture->is_text && may_be_skipped(capture);
}

/* There is a document of a file that could not be read to its end, and why; the message now belongs to the capture. */
static void accept_damaged(struct capture *capture, char *message)
{
    bool is_cut = strstr(message, "cut short in the middle of a packet") != NULL;
    bool is_skipped = is_passed_over(capture);
    bool is_partial = !is_skipped && (is_cut || has_frames(capture->document));

    if (!is_partial) {
        g_clear_pointer(&capture->document, json_object_unref);
    }
    capture_set_status(capture,
                       is_partial   ? CAPTURE_TRUNCATED
                       : is_skipped ? CAPTURE_SKIPPED
                                    : CAPTURE_UNREADABLE,
                       message);
}

/* There is a document. Wireshark's messages about the file say whether the document covers all of it. */
static void accept(struct capture *capture, const char *document, const char *errors, bool is_damaged)
{
    capture->document = report_parse(document);
    if (capture->document == NULL) {
        refuse(capture, NULL, "The report of the plugin could not be read");
    } else if (is_damaged) {
        accept_damaged(capture, errors != NULL && *errors != '\0' ? make_message(errors)
                                                                  : g_strdup("It could not be read to its end"));
    }
}

static void give_up(struct capture *capture, double timeout_seconds)
{
    capture_set_status(capture, CAPTURE_TIMEOUT,
                       g_strdup_printf("Not finished within %g s (--timeout)", timeout_seconds));
}

/* One tshark for the capture. */
static bool ask_tshark(struct capture *capture, const struct engine *engine, gint64 deadline, double timeout_seconds)
{
    char *document, *errors;
    enum child_event event;
    int code = engine_run_tshark(engine, capture->path, deadline, &document, &errors, &event);

    if (event == CHILD_TIME_LIMIT) {
        give_up(capture, timeout_seconds);
    } else if (event != CHILD_INTERRUPTED && document != NULL) {
        accept(capture, document, errors, code != 0);
    } else if (event != CHILD_INTERRUPTED) {
        char *otherwise = g_strdup_printf("tshark ended with %d and printed no report", code);
        refuse(capture, errors, otherwise);
        g_free(otherwise);
    }
    g_free(document);
    g_free(errors);
    return event != CHILD_INTERRUPTED;
}

/* By Wireshark; like examine(), for a capture that was hashed. */
static bool ask_wireshark(struct capture *capture, struct engine *engine, struct sharkd *sharkd, gint64 deadline,
                          double timeout_seconds)
{
    char *document = NULL, *errors = NULL;
    enum sharkd_outcome outcome = SHARKD_CONFUSED;
    bool is_done = true, is_damaged = false;

    if (engine_prefers_sharkd(engine, capture->size, capture->is_compressed)) {
        outcome = sharkd_read(sharkd, capture->path, capture->size, deadline, &document, &errors, &is_damaged);
    }
    switch (outcome) {
    case SHARKD_READ:
        accept(capture, document != NULL ? document : engine_empty_document(engine), errors, is_damaged);
        break;
    case SHARKD_REFUSED:
        refuse(capture, errors, "Wireshark could not open it");
        break;
    case SHARKD_CONFUSED:
        is_done = ask_tshark(capture, engine, deadline, timeout_seconds);
        break;
    case SHARKD_TIME_LIMIT:
        give_up(capture, timeout_seconds);
        break;
    case SHARKD_INTERRUPTED:
        is_done = false;
        break;
    }
    if (capture->document != NULL && !capture->is_packet_file &&
        encapsulation_of(engine->tshark, engine->environment, capture->path, deadline) == ENCAPSULATION_OTHER) {
        g_clear_pointer(&capture->document, json_object_unref);
        refuse(capture, NULL, NO_PACKETS);
    }
    if (capture->document != NULL) {
        enum engine_kind kind = engine->kind == ENGINE_AUTO ? ENGINE_LEAN : engine->kind;
        json_object_set_string_member(capture->document, "engine", engine_kind_name(kind));
    }
    g_free(document);
    g_free(errors);
    return is_done;
}

/* What this program is not sure of. */
static bool hand_over(struct capture *capture, struct engine *engine, struct sharkd *sharkd, gint64 deadline,
                      double timeout_seconds)
{
    const char *reason =
        engine->kind == ENGINE_DIRECT ? "--engine direct does not ask Wireshark" : start_wireshark(engine);

    if (reason != NULL) {
        capture_set_status(capture, may_be_skipped(capture) ? CAPTURE_SKIPPED : CAPTURE_NEEDS_WIRESHARK,
                           g_strdup_printf("Only Wireshark can decide it: %s", reason));
        return true;
    }
    return ask_wireshark(capture, engine, sharkd, deadline, timeout_seconds);
}

enum capture_reading examine_hash(struct capture *capture, double timeout_seconds)
{
    enum capture_reading reading =
        capture_hash(capture, g_get_monotonic_time() + (gint64)(timeout_seconds * G_USEC_PER_SEC));

    if (reading == CAPTURE_TIME_LIMIT) {
        give_up(capture, timeout_seconds);
    }
    return reading;
}

bool examine(struct capture *capture, struct engine *engine, struct sharkd *sharkd, double timeout_seconds)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)(timeout_seconds * G_USEC_PER_SEC);

    if (!engine_is_direct(engine)) {
        enum capture_reading reading = capture->sha256 == NULL ? examine_hash(capture, timeout_seconds) : CAPTURE_READ;
        return reading == CAPTURE_READ ? ask_wireshark(capture, engine, sharkd, deadline, timeout_seconds)
                                       : reading != CAPTURE_INTERRUPTED;
    }
    switch (direct_read(capture, engine->near_misses, deadline)) {
    case DIRECT_DECIDED:
    case DIRECT_UNREADABLE:
        return true;
    case DIRECT_DAMAGED:
        accept_damaged(capture, g_strdup(capture->message));
        return true;
    case DIRECT_TIME_LIMIT:
        give_up(capture, timeout_seconds);
        return true;
    case DIRECT_INTERRUPTED:
        return false;
    case DIRECT_NOT_SURE:
        break;
    }
    return hand_over(capture, engine, sharkd, deadline, timeout_seconds);
}
