/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times in reports, as spans in microseconds since the epoch. */
#ifndef BATCH_MERGE_TIME_H
#define BATCH_MERGE_TIME_H

#include <json-glib/json-glib.h>
#include <stdbool.h>

struct span {
    gint64 first_us, last_us;
    bool is_known; /* false: the report has no times */
};

/* The span that two members of an object name in ISO 8601; otherwise, where one is absent or not a time, the span
 * given. */
struct span merge_span(JsonObject *object, const char *first, const char *last, struct span otherwise);

/* From the first to the last frame of a record's capture. */
struct span merge_capture_span(JsonObject *record);

/* From the earlier beginning to the later end; an unknown span adds nothing. */
struct span merge_span_join(struct span a, struct span b);

/* Microseconds between two spans, never negative; 0 when they overlap or one is unknown. */
gint64 merge_span_gap(struct span a, struct span b);

#endif
