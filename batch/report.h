/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents skypefp-report/1: reading them safely, and completing them with the file they came from. */
#ifndef BATCH_REPORT_H
#define BATCH_REPORT_H

#include "capture.h"

#define REPORT_SCHEMA "skypefp-report/1"
#define MERGE_SCHEMA "skypefp-merge/1"

/* Members of an object that somebody else wrote: NULL, or the fallback, when they are absent or of another type. */
JsonArray *report_array(JsonObject *object, const char *key);
JsonObject *report_object(JsonObject *object, const char *key);
JsonObject *report_object_at(JsonArray *array, guint index);
const char *report_string(JsonObject *object, const char *key);
gint64 report_number(JsonObject *object, const char *key, gint64 fallback);
bool report_boolean(JsonObject *object, const char *key);

/* A string or null. */
void report_set_string(JsonObject *object, const char *key, const char *value);

/* The object that a text holds, or NULL; a reference of the caller's. */
JsonObject *report_parse(const char *text);

/* An object as text: one line without its end, or several. The caller frees it. */
char *report_print(JsonObject *object, bool pretty);

/* The verdict with a name; none for unknown names and NULL. */
enum skypefp_verdict verdict_by_name(const char *name);

/* The strongest verdict on an endpoint in a document; none without a document. */
enum skypefp_verdict document_verdict(JsonObject *document);

/* The "file" object of a capture, and the capture that such an object tells of (without document; NULL: it is none). */
JsonObject *report_file_object(const struct capture *capture);
struct capture *report_capture_of(JsonObject *document);

/* The document with its file, on one line without its end; the caller frees it. */
char *report_line(const struct capture *capture);

#endif
