/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and compares times of reports. */
#include "merge_time.h"

#include "report.h"

static bool read_time(JsonObject *object, const char *key, gint64 *time_us)
{
    const char *text = report_string(object, key);
    GTimeZone *utc = g_time_zone_new_utc();
    GDateTime *time = text != NULL ? g_date_time_new_from_iso8601(text, utc) : NULL;

    if (time != NULL) {
        *time_us = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
        g_date_time_unref(time);
    }
    g_time_zone_unref(utc);
    return time != NULL;
}

struct span merge_span(JsonObject *object, const char *first, const char *last, struct span otherwise)
{
    struct span span = { .is_known = true };

    if (!read_time(object, first, &span.first_us) || !read_time(object, last, &span.last_us)) {
        return otherwise;
    }
    return span.first_us <= span.last_us ? span : (struct span){ span.last_us, span.first_us, true };
}

struct span merge_capture_span(JsonObject *record)
{
    static const struct span unknown;
    JsonObject *capture = report_object(record, "capture");

    return capture != NULL ? merge_span(capture, "first_time", "last_time", unknown) : unknown;
}

struct span merge_span_join(struct span a, struct span b)
{
    return !a.is_known   ? b
           : !b.is_known ? a
                         : (struct span){ MIN(a.first_us, b.first_us), MAX(a.last_us, b.last_us), true };
}

gint64 merge_span_gap(struct span a, struct span b)
{
    return !a.is_known || !b.is_known ? 0 : MAX(MAX(b.first_us - a.last_us, a.first_us - b.last_us), 0);
}

char *merge_print_time(gint64 time_us)
{
    gint64 seconds = time_us / G_USEC_PER_SEC - (time_us % G_USEC_PER_SEC < 0);
    GDateTime *time = g_date_time_new_from_unix_utc(seconds);
    char *begin = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : g_strdup("?");
    char *text = g_strdup_printf("%s.%06dZ", begin, (int)(time_us - seconds * G_USEC_PER_SEC));

    g_free(begin);
    g_clear_pointer(&time, g_date_time_unref);
    return text;
}
