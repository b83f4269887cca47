/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations over time, drawn as SVG: on top the whole capture, below it the part that has any. */
#include "html_timeline.h"

#include "html_axis.h"
#include "html_lanes.h"
#include "html_rows.h"
#include "members.h"
#include "text.h"

enum { OVERVIEW_TOP = 14, OVERVIEW = 40, ZOOM_TOP = 92, TOP = 98, MAX_LANES = 40, BINS = 98 };

/* From the first to the last packet of all conversations; false: none has times. */
static bool find_axis(JsonArray *rows, struct axis *axis)
{
    bool is_found = false;

    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        JsonObject *row = report_object_at(rows, i);
        gint64 first, last;
        if (row != NULL && report_read_time(row, "first_time", &first) && report_read_time(row, "last_time", &last)) {
            last = MAX(first, last);
            axis->begin_us = is_found ? MIN(axis->begin_us, first) : first;
            axis->end_us = is_found ? MAX(axis->end_us, last) : last;
            is_found = true;
        }
    }
    return is_found;
}

/* From the first to the last packet of the capture, and no less than what is in the conversations. */
static struct axis find_capture(JsonObject *document, const struct axis *zoom)
{
    JsonObject *capture = report_object(document, "capture");
    struct axis axis = *zoom;
    gint64 first, last;

    if (capture != NULL && report_read_time(capture, "first_time", &first) &&
        report_read_time(capture, "last_time", &last)) {
        axis.begin_us = MIN(first, axis.begin_us);
        axis.end_us = MAX(last, axis.end_us);
    }
    return axis;
}

/* How many conversations were active at a time, of all in the report. */
static void draw_overview(xmlTextWriterPtr page, const struct axis *axis, JsonArray *rows)
{
    int change[BINS + 1] = { 0 }, n = 0, most = 1;

    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = report_object_at(rows, i);
        gint64 first, last;
        if (row != NULL && report_read_time(row, "first_time", &first) && report_read_time(row, "last_time", &last)) {
            int from = (axis_place(axis, first) - AXIS_LEFT) * (BINS - 1) / AXIS_SPAN,
                to = (axis_place(axis, last) - AXIS_LEFT) * (BINS - 1) / AXIS_SPAN;
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
            axis_draw_rectangle(page, "overview", AXIS_LEFT + bin * AXIS_SPAN / BINS, OVERVIEW_TOP + OVERVIEW - height,
                                AXIS_SPAN / BINS, height);
        }
    }
}

static void draw_line(xmlTextWriterPtr page, int x1, int y1, int x2, int y2)
{
    markup_open(page, "line", "class", "zoom", NULL);
    markup_attribute(page, "x1", "%d", x1);
    markup_attribute(page, "y1", "%d", y1);
    markup_attribute(page, "x2", "%d", x2);
    markup_attribute(page, "y2", "%d", y2);
    markup_close(page);
}

/* Which part of the capture is drawn below. */
static void draw_zoom(xmlTextWriterPtr page, const struct axis *capture, const struct axis *zoom)
{
    enum { BOTTOM = OVERVIEW_TOP + OVERVIEW, LABELS = ZOOM_TOP - 14 };
    int begin = axis_place(capture, zoom->begin_us), end = axis_place(capture, zoom->end_us);

    axis_draw_rectangle(page, "zoom", begin, OVERVIEW_TOP, end - begin, OVERVIEW);
    draw_line(page, begin, BOTTOM, AXIS_LEFT, LABELS);
    draw_line(page, MAX(end, begin + 2), BOTTOM, AXIS_RIGHT, LABELS);
}

static void draw(xmlTextWriterPtr page, const struct axis *zoom, JsonObject *document, JsonArray *rows,
                 const GArray *lanes)
{
    int height = TOP + (int)lanes->len * LANE_HEIGHT + 6;
    struct axis capture = find_capture(document, zoom);

    markup_open(page, "svg", "role", "img", "aria-label", "Conversations over time", NULL);
    markup_attribute(page, "viewBox", "0 0 %d %d", AXIS_WIDTH, height);
    draw_zoom(page, &capture, zoom);
    axis_draw_ticks(page, &capture, OVERVIEW_TOP, OVERVIEW_TOP + OVERVIEW);
    draw_overview(page, &capture, rows);
    axis_draw_ticks(page, zoom, ZOOM_TOP, height);
    for (guint i = 0; i < lanes->len; i++) {
        report_html_lane(page, zoom, document, report_object_at(rows, g_array_index(lanes, guint, i)),
                         TOP + (int)i * LANE_HEIGHT);
    }
    markup_close(page);
}

static void put_caption(xmlTextWriterPtr page, const struct axis *zoom, guint n, guint n_lanes)
{
    char *begin = report_us_text(zoom->begin_us), *end = report_us_text(zoom->end_us);

    markup_open(page, "p", "class", "note", NULL);
    markup_text(
        page,
        "Times are UTC. On top, the whole capture, and how many of the %u conversations had begun and not ended. "
        "Below, from %s to %s: ",
        n, begin != NULL ? begin : "an unknown time", end != NULL ? end : "an unknown time");
    markup_text(
        page,
        "the %u strongest. Orange is a TCP connection. On UDP, blue is a part of the time with marked messages, "
        "green one with marked keep-alives and other data, a dark block a burst of data, a thin line the time "
        "between the first and the last packet. A red line is the packet that proves it.",
        n_lanes);
    markup_close(page);
    g_free(begin);
    g_free(end);
}

void report_html_timeline(xmlTextWriterPtr page, JsonObject *document)
{
    JsonArray *rows = report_array(document, "conversations");
    GArray *lanes = report_html_strongest(rows, MAX_LANES);
    struct axis zoom;

    if (lanes->len > 0 && find_axis(rows, &zoom)) {
        markup_leaf(page, "h3", "Activity over time");
        draw(page, &zoom, document, rows, lanes);
        put_caption(page, &zoom, json_array_get_length(rows), lanes->len);
    }
    g_array_unref(lanes);
}
