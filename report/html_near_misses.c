/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What narrowly was not evidence, for readers who ask why something is not marked. */
#include "html_near_misses.h"

#include "html_rows.h"
#include "members.h"

enum { MAX_ROWS = 200 };

static void put_row(xmlTextWriterPtr page, JsonObject *row)
{
    char *source = report_html_end(report_object(row, "source")),
         *destination = report_html_end(report_object(row, "destination"));
    char *frame = g_strdup_printf("%" G_GINT64_FORMAT, report_number(row, "first_frame", 0));
    char *times = g_strdup_printf("%" G_GINT64_FORMAT, report_number(row, "times", 0));
    const char *rule = report_string(row, "rule"), *condition = report_string(row, "condition"),
               *time = report_string(row, "first_time");

    bool is_udp = g_strcmp0(report_string(row, "transport"), "udp") == 0;

    markup_row(page, "td",
               rule != NULL ? rule
               : is_udp     ? "not marked"
                            : "not judged",
               condition != NULL ? condition : "unknown", is_udp ? "UDP" : "TCP", source, destination, frame,
               time != NULL ? time : "unknown", times, NULL);
    g_free(source);
    g_free(destination);
    g_free(frame);
    g_free(times);
}

/* How many of the rows the page has. */
static guint count_shown(guint n_all)
{
    return MIN(n_all, MAX_ROWS);
}

static void put_table(xmlTextWriterPtr page, JsonArray *rows, guint n)
{
    markup_open(page, "table", "class", "contacts", NULL);
    markup_open(page, "thead", NULL);
    markup_row(page, "th", "Rule", "What failed", "", "From", "To", "First packet", "Time (UTC)", "Times", NULL);
    markup_close(page);
    markup_open(page, "tbody", NULL);
    for (guint i = 0; i < n; i++) {
        JsonObject *row = report_object_at(rows, i);
        if (row != NULL) {
            put_row(page, row);
        }
    }
    markup_close(page);
    markup_close(page);
}

void report_html_near_misses(xmlTextWriterPtr page, JsonObject *document)
{
    JsonArray *rows = report_array(document, "near_misses");

    if (rows == NULL) {
        return;
    }
    guint n_all = json_array_get_length(rows), n = count_shown(n_all);
    gint64 n_left = n_all - n + MAX(report_number(document, "unlisted_near_misses", 0), 0);
    markup_leaf(page, "h3", "Near misses");
    markup_leaf(page, "p", "%s",
                n == 0
                    ? "Nothing came close to a rule without being marked."
                    : "What came close to a rule, or has a form of Skype's beside an endpoint that is proven, and is "
                      "not marked. None of this is evidence, for or against.");
    if (n > 0) {
        put_table(page, rows, n);
    }
    if (n_left > 0) {
        markup_leaf(page, "p", "%" G_GINT64_FORMAT " more are left out here; skypefp-batch --format jsonl has them.",
                    n_left);
    }
}
