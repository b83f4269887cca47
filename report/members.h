/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects: writing them in order, reading those of objects that another program wrote, and objects
 * as text. */
#ifndef REPORT_MEMBERS_H
#define REPORT_MEMBERS_H

#include "skypefp.h"

#include <json-glib/json-glib.h>

/* ---- reading ---- */

/* A member; NULL, the fallback or false when it is absent or of another type. What is returned is the object's. */
JsonArray *report_array(JsonObject *object, const char *key);
JsonObject *report_object(JsonObject *object, const char *key);
JsonObject *report_object_at(JsonArray *array, guint index);
const char *report_string(JsonObject *object, const char *key);
gint64 report_number(JsonObject *object, const char *key, gint64 fallback);
bool report_boolean(JsonObject *object, const char *key);

/* The verdict with a name; none for unknown names and NULL. */
enum skypefp_verdict verdict_by_name(const char *name);

/* The object that a text holds, or NULL; the caller owns the reference. Text of any origin: nesting is bounded, and
 * it has to be UTF-8. */
JsonObject *report_parse(const char *text);

/* ---- writing ---- */

/* A string, or null for NULL. */
void report_set_string(JsonObject *object, const char *key, const char *value);

/* The same for a text that is freed with g_free(). */
void report_take_string(JsonObject *object, const char *key, char *value);

/* A frame number; null for 0, which is not one. */
void report_set_frame(JsonObject *object, const char *key, uint32_t frame);

/* A time in microseconds since the epoch as UTC in ISO 8601; null when it is not a time, such as INT64_MIN. */
void report_set_time(JsonObject *object, const char *key, int64_t time_us);

/* An object as text: one line without its end, or several; g_free() it. */
char *report_print(JsonObject *object, bool pretty);

/* A time in microseconds since the epoch; false: the row has none. */
bool report_read_time(JsonObject *row, const char *key, gint64 *time_us);

#endif
