/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares times of reports. */
#include "merge_time.h"

#include "members.h"

struct span merge_span(JsonObject *object, const char *first, const char *last, struct span otherwise)
{
    struct span span = { .is_known = true };

    if (!report_read_time(object, first, &span.first_us) || !report_read_time(object, last, &span.last_us)) {
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
