/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads documents skypefp-report and completes them with their files. */
#include "report.h"

#include <string.h>

JsonObject *report_file_object(const struct capture *capture)
{
    JsonObject *file = json_object_new();

    json_object_set_string_member(file, "name", capture->name);
    if (capture->is_escaped) {
        json_object_set_boolean_member(file, "name_escaped", TRUE);
    }
    report_set_string(file, "sha256", capture->sha256);
    if (capture->size >= 0) {
        json_object_set_int_member(file, "size", capture->size);
    } else {
        json_object_set_null_member(file, "size");
    }
    json_object_set_string_member(file, "status", capture_status_name(capture->status));
    report_set_string(file, "message", capture->message);
    return file;
}

bool report_is_of_capture(JsonObject *document)
{
    const char *schema = report_string(document, "schema");

    return g_strcmp0(schema, "skypefp-report/1") == 0 || g_strcmp0(schema, REPORT_SCHEMA) == 0;
}

bool report_is_finding(JsonObject *document)
{
    return g_strcmp0(report_string(document, "schema"), FINDING_SCHEMA) == 0;
}

bool report_is_merged(JsonObject *document)
{
    const char *schema = report_string(document, "schema");

    return g_strcmp0(schema, "skypefp-merge/1") == 0 || g_strcmp0(schema, MERGE_SCHEMA) == 0;
}

struct capture *report_capture_of(JsonObject *document)
{
    JsonObject *file = report_object(document, "file");
    const char *name = file != NULL ? report_string(file, "name") : NULL;
    enum capture_status status = file != NULL ? capture_status_of(report_string(file, "status")) : N_CAPTURE_STATUSES;

    if (name == NULL || status >= CAPTURE_SKIPPED || !report_is_of_capture(document)) {
        return NULL;
    }
    struct capture *capture = capture_new(name, false);
    capture->is_escaped = capture->is_escaped || report_boolean(file, "name_escaped");
    capture->sha256 = g_strdup(report_string(file, "sha256"));
    capture->size = report_number(file, "size", -1);
    capture->status = status;
    capture->message = g_strdup(report_string(file, "message"));
    return capture;
}

char *report_line(const struct capture *capture)
{
    JsonObject *line = json_object_new();
    GList *keys = capture->document != NULL ? json_object_get_members(capture->document) : NULL;
    const char *schema = capture->document != NULL ? report_string(capture->document, "schema") : NULL;

    json_object_set_string_member(line, "schema", schema != NULL ? schema : REPORT_SCHEMA);
    json_object_set_object_member(line, "file", report_file_object(capture));
    for (GList *key = keys; key != NULL; key = key->next) {
        if (strcmp(key->data, "schema") != 0 && strcmp(key->data, "file") != 0) {
            json_object_set_member(line, key->data,
                                   json_node_ref(json_object_get_member(capture->document, key->data)));
        }
    }
    char *text = report_print(line, false);
    json_object_unref(line);
    g_list_free(keys);
    return text;
}
