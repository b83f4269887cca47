/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One conversation over time: its marked messages, keep-alives and bursts, and its proof. */
#include "html_lanes.h"

#include "html_rows.h"
#include "members.h"

enum { MAX_BURSTS = 500, PARTS = 64 };

/* The contact of a conversation on UDP; NULL: it has none. */
static JsonObject *find_contact(JsonObject *document, JsonObject *conversation)
{
    JsonArray *contacts = report_array(document, "contacts");
    gint64 frame = report_number(conversation, "first_frame", 0);
    char *source = report_html_end(report_object(conversation, "source"));
    char *destination = report_html_end(report_object(conversation, "destination"));
    JsonObject *found = NULL;

    for (guint i = 0; contacts != NULL && found == NULL && i < json_array_get_length(contacts); i++) {
        JsonObject *contact = report_object_at(contacts, i);
        char *a = contact != NULL ? report_html_end(report_object(contact, "a")) : NULL;
        char *b = contact != NULL ? report_html_end(report_object(contact, "b")) : NULL;
        bool is_same = g_strcmp0(a, source) == 0 && g_strcmp0(b, destination) == 0 &&
                       frame >= report_number(contact, "first_frame", 0) &&
                       frame <= report_number(contact, "last_frame", 0) &&
                       g_strcmp0(report_string(contact, "first_time"), report_string(conversation, "first_time")) == 0;
        found = is_same ? contact : NULL;
        g_free(b);
        g_free(a);
    }
    g_free(destination);
    g_free(source);
    return found;
}

static void draw_bursts(xmlTextWriterPtr page, const struct axis *axis, JsonObject *contact, int y)
{
    JsonArray *bursts = contact != NULL ? report_array(contact, "bursts") : NULL;

    for (guint i = 0; bursts != NULL && i < MIN(json_array_get_length(bursts), MAX_BURSTS); i++) {
        JsonObject *burst = report_object_at(bursts, i);
        gint64 begin, end;
        if (burst != NULL && report_read_time(burst, "begin_time", &begin) &&
            report_read_time(burst, "end_time", &end)) {
            int x = axis_place(axis, begin);
            axis_draw_rectangle(page, "burst", x, y + 12, axis_place(axis, end) - x, 10);
        }
    }
}

/* The parts of a conversation's time in which something of a kind was marked; neighbours are drawn as one. */
static void draw_parts(xmlTextWriterPtr page, const struct axis *axis, const struct axis *conversation,
                       const char *parts, const char *class, int y, int height)
{
    guint64 left = parts != NULL ? g_ascii_strtoull(parts, NULL, 16) : 0;
    double length = ((double)conversation->end_us - (double)conversation->begin_us) / (double)PARTS;

    for (int part = 0; part < PARTS && left != 0; part++) {
        int n = 0;
        for (; part + n < PARTS && (left >> (PARTS - 1 - part - n) & 1) != 0; n++) {
            left &= ~((guint64)1 << (PARTS - 1 - part - n));
        }
        if (n > 0) {
            int x = axis_place(axis, conversation->begin_us + (gint64)(length * part));
            int end = axis_place(axis, conversation->begin_us + (gint64)(length * (part + n)));
            axis_draw_rectangle(page, class, x, y, end - x, height);
            part += n - 1;
        }
    }
}

static void draw_activity(xmlTextWriterPtr page, const struct axis *axis, JsonObject *document, JsonObject *row,
                          const struct axis *conversation, int y)
{
    int begin = axis_place(axis, conversation->begin_us), end = axis_place(axis, conversation->end_us);

    if (g_strcmp0(report_string(row, "transport"), "udp") != 0) {
        axis_draw_rectangle(page, "tcp", begin, y + 14, end - begin, 6);
        return;
    }
    axis_draw_rectangle(page, "span", begin, y + 16, end - begin, 2);
    draw_parts(page, axis, conversation, report_string(row, "data"), "alive", y + 15, 4);
    draw_parts(page, axis, conversation, report_string(row, "active"), "udp", y + 13, 8);
    draw_bursts(page, axis, find_contact(document, row), y);
}

static char *make_name(JsonObject *row)
{
    char *source = report_html_end(report_object(row, "source")),
         *destination = report_html_end(report_object(row, "destination"));
    gint64 n_marked = report_number(row, "marked", 0);
    char *name = g_strdup_printf("%s to %s, %s, %s, %" G_GINT64_FORMAT " %s marked", source, destination,
                                 g_strcmp0(report_string(row, "transport"), "udp") == 0 ? "UDP" : "TCP",
                                 report_string(row, "verdict"), n_marked, n_marked == 1 ? "packet" : "packets");

    g_free(source);
    g_free(destination);
    return name;
}

void report_html_lane(xmlTextWriterPtr page, const struct axis *axis, JsonObject *document, JsonObject *conversation,
                      int y)
{
    struct axis own;
    gint64 proof;

    if (!report_read_time(conversation, "first_time", &own.begin_us) ||
        !report_read_time(conversation, "last_time", &own.end_us)) {
        return;
    }
    own.end_us = MAX(own.end_us, own.begin_us);
    int begin = axis_place(axis, own.begin_us), end = axis_place(axis, own.end_us);
    bool is_right = begin > AXIS_WIDTH / 2;
    char *name = make_name(conversation);

    draw_activity(page, axis, document, conversation, &own, y);
    axis_draw_text(page, is_right ? "end" : "start", is_right ? end : begin, y + 10, name);
    if (report_read_time(conversation, "proof_time", &proof) && proof >= axis->begin_us && proof <= axis->end_us) {
        axis_draw_rectangle(page, "proof", axis_place(axis, proof), y + 11, 2, 12);
    }
    g_free(name);
}
