/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations over time, drawn as SVG. All coordinates are whole numbers: a locale must not write its own decimal
 * point. */
#include "html_timeline.h"

#include "html_rows.h"
#include "members.h"

enum {
    WIDTH = 1000,
    LEFT = 10,
    RIGHT = 990,
    SPAN = RIGHT - LEFT,
    OVERVIEW = 50,
    TOP = 90,
    LANE = 26,
    MAX_LANES = 40,
    MAX_BURSTS = 500,
    BINS = 98,
};

/* The time that is drawn. */
struct axis {
    gint64 begin_us, end_us;
};

static int place(const struct axis *axis, gint64 time_us)
{
    gint64 length = MAX(axis->end_us - axis->begin_us, 1);
    gint64 clamped = CLAMP(time_us, axis->begin_us, axis->end_us) - axis->begin_us;

    return LEFT + (int)((double)clamped / (double)length * SPAN);
}

/* From the first to the last packet of all conversations; false: none has times. */
static bool find_axis(JsonArray *rows, struct axis *axis)
{
    bool is_found = false;

    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        JsonObject *row = report_object_at(rows, i);
        gint64 first, last;
        if (row != NULL && report_html_time(row, "first_time", &first) && report_html_time(row, "last_time", &last)) {
            axis->begin_us = is_found ? MIN(axis->begin_us, first) : first;
            axis->end_us = is_found ? MAX(axis->end_us, last) : last;
            is_found = true;
        }
    }
    return is_found;
}

static void draw_rectangle(xmlTextWriterPtr page, const char *class, int x, int y, int width, int height)
{
    markup_open(page, "rect", "class", class, NULL);
    markup_attribute(page, "x", "%d", x);
    markup_attribute(page, "y", "%d", y);
    markup_attribute(page, "width", "%d", MAX(width, 2));
    markup_attribute(page, "height", "%d", height);
    markup_close(page);
}

static void draw_text(xmlTextWriterPtr page, const char *anchor, int x, int y, const char *text)
{
    markup_open(page, "text", "text-anchor", anchor, NULL);
    markup_attribute(page, "x", "%d", x);
    markup_attribute(page, "y", "%d", y);
    markup_string(page, text);
    markup_close(page);
}

/* Seconds between ticks: at most eight of them. */
static gint64 tick_seconds(const struct axis *axis)
{
    static const gint64 steps[] = { 1,   2,    5,    10,    20,    30,    60,    120,    300,
                                    600, 1800, 3600, 10800, 21600, 43200, 86400, 604800, 2592000 };
    gint64 length = (axis->end_us - axis->begin_us) / G_USEC_PER_SEC;

    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (length / steps[i] <= 8) {
            return steps[i];
        }
    }
    return MAX(length / 8, 1);
}

static void draw_ticks(xmlTextWriterPtr page, const struct axis *axis, int bottom)
{
    gint64 step = tick_seconds(axis), second = axis->begin_us / G_USEC_PER_SEC;

    for (second -= second % step; second * G_USEC_PER_SEC <= axis->end_us; second += step) {
        if (second * G_USEC_PER_SEC < axis->begin_us) {
            continue;
        }
        GDateTime *time = g_date_time_new_from_unix_utc(second);
        char *text = time != NULL ? g_date_time_format(time, step < 86400 ? "%H:%M:%S" : "%Y-%m-%d") : NULL;
        int x = place(axis, second * G_USEC_PER_SEC);
        draw_rectangle(page, "tick", x, 14, 1, bottom - 14);
        draw_text(page, x > RIGHT - 40 ? "end" : x < LEFT + 40 ? "start" : "middle", x, 11, text);
        g_free(text);
        g_clear_pointer(&time, g_date_time_unref);
    }
}

/* How many conversations were active at a time, of all in the report. */
static void draw_overview(xmlTextWriterPtr page, const struct axis *axis, JsonArray *rows)
{
    int change[BINS + 1] = { 0 }, n = 0, most = 1;

    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = report_object_at(rows, i);
        gint64 first, last;
        if (row != NULL && report_html_time(row, "first_time", &first) && report_html_time(row, "last_time", &last)) {
            int from = (place(axis, first) - LEFT) * (BINS - 1) / SPAN,
                to = (place(axis, last) - LEFT) * (BINS - 1) / SPAN;
            change[MIN(from, to)]++;
            change[MAX(from, to) + 1]--;
        }
    }
    for (int bin = 0; bin < BINS; bin++) {
        n += change[bin];
        most = MAX(most, n);
    }
    n = 0;
    for (int bin = 0; bin < BINS; bin++) {
        n += change[bin];
        if (n > 0) {
            int height = MAX(n * OVERVIEW / most, 2);
            draw_rectangle(page, "overview", LEFT + bin * SPAN / BINS, 20 + OVERVIEW - height, SPAN / BINS, height);
        }
    }
}

/* The contact of a conversation on UDP; NULL: it has none. */
static JsonObject *find_contact(JsonObject *document, JsonObject *conversation)
{
    JsonArray *contacts = report_array(document, "contacts");
    gint64 frame = report_number(conversation, "first_frame", 0);
    char *end = report_html_end(report_object(conversation, "source"));
    JsonObject *found = NULL;

    for (guint i = 0; contacts != NULL && found == NULL && i < json_array_get_length(contacts); i++) {
        JsonObject *contact = report_object_at(contacts, i);
        char *a = contact != NULL ? report_html_end(report_object(contact, "a")) : NULL;
        bool is_same = g_strcmp0(a, end) == 0 && frame >= report_number(contact, "first_frame", 0) &&
                       frame <= report_number(contact, "last_frame", 0) &&
                       g_strcmp0(report_string(contact, "first_time"), report_string(conversation, "first_time")) == 0;
        found = is_same ? contact : NULL;
        g_free(a);
    }
    g_free(end);
    return found;
}

static void draw_bursts(xmlTextWriterPtr page, const struct axis *axis, JsonObject *contact, int y)
{
    JsonArray *bursts = contact != NULL ? report_array(contact, "bursts") : NULL;

    for (guint i = 0; bursts != NULL && i < MIN(json_array_get_length(bursts), MAX_BURSTS); i++) {
        JsonObject *burst = report_object_at(bursts, i);
        gint64 begin, end;
        if (burst != NULL && report_html_time(burst, "begin_time", &begin) &&
            report_html_time(burst, "end_time", &end)) {
            draw_rectangle(page, "burst", place(axis, begin), y + 12, place(axis, end) - place(axis, begin), 10);
        }
    }
}

static void draw_lane(xmlTextWriterPtr page, const struct axis *axis, JsonObject *document, JsonObject *row, int y)
{
    bool is_udp = g_strcmp0(report_string(row, "transport"), "udp") == 0;
    char *source = report_html_end(report_object(row, "source")),
         *destination = report_html_end(report_object(row, "destination"));
    gint64 n_marked = report_number(row, "marked", 0);
    char *name =
        g_strdup_printf("%s to %s, %s, %s, %" G_GINT64_FORMAT " %s marked", source, destination, is_udp ? "UDP" : "TCP",
                        report_string(row, "verdict"), n_marked, n_marked == 1 ? "packet" : "packets");
    gint64 first, last, proof;

    if (report_html_time(row, "first_time", &first) && report_html_time(row, "last_time", &last)) {
        int begin = place(axis, first), end = place(axis, last);
        draw_rectangle(page, is_udp ? "udp" : "tcp", begin, y + 14, end - begin, 6);
        draw_text(page, begin > WIDTH / 2 ? "end" : "start", begin > WIDTH / 2 ? end : begin, y + 10, name);
    }
    draw_bursts(page, axis, is_udp ? find_contact(document, row) : NULL, y);
    if (report_html_time(row, "proof_time", &proof) && proof >= axis->begin_us && proof <= axis->end_us) {
        draw_rectangle(page, "proof", place(axis, proof), y + 11, 2, 12);
    }
    g_free(name);
    g_free(source);
    g_free(destination);
}

static void draw(xmlTextWriterPtr page, const struct axis *axis, JsonObject *document, JsonArray *rows,
                 const GArray *lanes)
{
    int height = TOP + (int)lanes->len * LANE + 6;

    markup_open(page, "svg", "role", "img", "aria-label", "Conversations over time", NULL);
    markup_attribute(page, "viewBox", "0 0 %d %d", WIDTH, height);
    draw_ticks(page, axis, height);
    draw_overview(page, axis, rows);
    for (guint i = 0; i < lanes->len; i++) {
        draw_lane(page, axis, document, report_object_at(rows, g_array_index(lanes, guint, i)), TOP + (int)i * LANE);
    }
    markup_close(page);
}

void report_html_timeline(xmlTextWriterPtr page, JsonObject *document)
{
    JsonArray *rows = report_array(document, "conversations");
    GArray *lanes = report_html_strongest(rows, MAX_LANES);
    struct axis axis;

    if (lanes->len > 0 && find_axis(rows, &axis)) {
        markup_leaf(page, "h3", "Activity over time");
        draw(page, &axis, document, rows, lanes);
        markup_open(page, "p", "class", "note", NULL);
        markup_text(page, "Times are UTC. On top: how many of the %u conversations were active. Below: ",
                    json_array_get_length(rows));
        markup_text(page,
                    "the %u strongest of them; blue is UDP, orange TCP, dark blocks are bursts of data, a red line is "
                    "the packet "
                    "that proves it.",
                    lanes->len);
        markup_close(page);
    }
    g_array_unref(lanes);
}
