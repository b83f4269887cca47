/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads, completes and prints documents skypefp-report/1. */
#include "report.h"

#include "plain_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINE_START "{\"schema\":"       /* of every line that a batch writes */

enum { MAX_DEPTH = 64 };        /* of nesting; reports have less than ten levels */

static JsonNode *member(JsonObject *object, const char *key, JsonNodeType type)
{
    JsonNode *node = json_object_get_member(object, key);

    return node != NULL && json_node_get_node_type(node) == type ? node : NULL;
}

JsonArray *report_array(JsonObject *object, const char *key)
{
    JsonNode *node = member(object, key, JSON_NODE_ARRAY);

    return node != NULL ? json_node_get_array(node) : NULL;
}

JsonObject *report_object(JsonObject *object, const char *key)
{
    JsonNode *node = member(object, key, JSON_NODE_OBJECT);

    return node != NULL ? json_node_get_object(node) : NULL;
}

JsonObject *report_object_at(JsonArray *array, guint index)
{
    JsonNode *node = json_array_get_element(array, index);

    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

const char *report_string(JsonObject *object, const char *key)
{
    JsonNode *node = member(object, key, JSON_NODE_VALUE);

    return node != NULL ? json_node_get_string(node) : NULL;
}

gint64 report_number(JsonObject *object, const char *key, gint64 fallback)
{
    JsonNode *node = member(object, key, JSON_NODE_VALUE);

    return node != NULL && json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node) : fallback;
}

bool report_boolean(JsonObject *object, const char *key)
{
    JsonNode *node = member(object, key, JSON_NODE_VALUE);

    return node != NULL && json_node_get_value_type(node) == G_TYPE_BOOLEAN && json_node_get_boolean(node);
}

void report_set_string(JsonObject *object, const char *key, const char *value)
{
    if (value != NULL) {
        json_object_set_string_member(object, key, value);
    } else {
        json_object_set_null_member(object, key);
    }
}

/* The parser calls itself for each level. It also takes comments, in which quotes would mislead here: they are no JSON. */
static bool is_shallow(const char *text)
{
    int depth = 0;
    bool is_string = false;

    for (const char *p = text; *p != '\0' && depth <= MAX_DEPTH; p++) {
        if (is_string && *p == '\\' && p[1] != '\0') {
            p++;
        } else if (*p == '"') {
            is_string = !is_string;
        } else if (!is_string) {
            if (strchr("/#'", *p) != NULL) {
                return false;
            }
            depth += (*p == '[' || *p == '{') - (*p == ']' || *p == '}');
        }
    }
    return depth <= MAX_DEPTH;
}

JsonObject *report_parse(const char *text)
{
    JsonParser *parser = json_parser_new_immutable();
    JsonObject *object = NULL;

    if (text != NULL && g_utf8_validate(text, -1, NULL) && is_shallow(text) && json_parser_load_from_data(parser, text, -1, NULL)) {
        JsonNode *root = json_parser_get_root(parser);
        if (root != NULL && JSON_NODE_HOLDS_OBJECT(root)) {
            object = json_object_ref(json_node_get_object(root));
        }
    }
    g_object_unref(parser);
    return object;
}

char *report_print(JsonObject *object, bool pretty)
{
    JsonNode *root = json_node_init_object(json_node_alloc(), object);
    char *text = json_to_string(root, pretty);

    json_node_unref(root);
    return text;
}

enum skypefp_verdict verdict_by_name(const char *name)
{
    for (int verdict = SKYPEFP_CERTAIN; verdict > SKYPEFP_NONE; verdict--) {
        if (g_strcmp0(name, skypefp_verdict_name((enum skypefp_verdict)verdict)) == 0) {
            return (enum skypefp_verdict)verdict;
        }
    }
    return SKYPEFP_NONE;
}

enum skypefp_verdict document_verdict(JsonObject *document)
{
    enum skypefp_verdict strongest = SKYPEFP_NONE;
    JsonArray *endpoints = document != NULL ? report_array(document, "endpoints") : NULL;

    for (guint i = 0; endpoints != NULL && i < json_array_get_length(endpoints); i++) {
        JsonObject *endpoint = report_object_at(endpoints, i);
        if (endpoint != NULL) {
            strongest = MAX(strongest, verdict_by_name(report_string(endpoint, "verdict")));
        }
    }
    return strongest;
}

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

struct capture *report_capture_of(JsonObject *document)
{
    JsonObject *file = report_object(document, "file");
    const char *name = file != NULL ? report_string(file, "name") : NULL;
    enum capture_status status = file != NULL ? capture_status_of(report_string(file, "status")) : N_CAPTURE_STATUSES;

    if (name == NULL || status >= CAPTURE_SKIPPED || g_strcmp0(report_string(document, "schema"), REPORT_SCHEMA) != 0) {
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

    json_object_set_string_member(line, "schema", REPORT_SCHEMA);
    json_object_set_object_member(line, "file", report_file_object(capture));
    for (GList *key = keys; key != NULL; key = key->next) {
        if (strcmp(key->data, "schema") != 0 && strcmp(key->data, "file") != 0) {
            json_object_set_member(line, key->data, json_node_ref(json_object_get_member(capture->document, key->data)));
        }
    }
    char *text = report_print(line, false);
    json_object_unref(line);
    g_list_free(keys);
    return text;
}

static bool read_all(const char *path, char **text, GError **error)
{
    if (strcmp(path, "-") != 0) {
        return g_file_get_contents(path, text, NULL, error);
    }
    GString *all = g_string_new(NULL);
    char buffer[65536];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
        g_string_append_len(all, buffer, (gssize)n);
    }
    *text = g_string_free(all, FALSE);
    return true;
}

/* UTF-8 without control characters. Names of files may hold format characters, because version 0.1 wrote them so. */
static bool is_acceptable_name(const char *name)
{
    bool result = g_utf8_validate(name, -1, NULL);

    for (const char *p = name; result && *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        result = !g_unichar_iscntrl(g_utf8_get_char(p));
    }
    return result;
}

static bool is_plain(JsonNode *node);

static bool is_plain_member(const char *key, JsonNode *value)
{
    bool is_name = strcmp(key, "name") == 0 && JSON_NODE_HOLDS_VALUE(value) && json_node_get_value_type(value) == G_TYPE_STRING;

    return skypefp_is_plain(key) && (is_name ? is_acceptable_name(json_node_get_string(value)) : is_plain(value));
}

/* No string in it, and no key, does anything on a terminal: a batch writes none that would. Numbers are finite. */
static bool is_plain(JsonNode *node)
{
    bool result = true;

    if (JSON_NODE_HOLDS_OBJECT(node)) {
        JsonObjectIter iter;
        const char *key;
        JsonNode *value;
        json_object_iter_init(&iter, json_node_get_object(node));
        while (result && json_object_iter_next(&iter, &key, &value)) {
            result = is_plain_member(key, value);
        }
    } else if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *array = json_node_get_array(node);
        for (guint i = 0; result && i < json_array_get_length(array); i++) {
            result = is_plain(json_array_get_element(array, i));
        }
    } else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING) {
        result = skypefp_is_plain(json_node_get_string(node));
    } else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_DOUBLE) {
        result = isfinite(json_node_get_double(node)) != 0;
    }
    return result;
}

/* An object of a report: false when it is none. */
static bool offer(JsonObject *object, report_handler *handle, void *data)
{
    JsonNode *node = json_node_init_object(json_node_alloc(), object);
    bool is_accepted = is_plain(node) && handle(object, data);

    json_node_unref(node);
    json_object_unref(object);
    return is_accepted;
}

/* A line that its writer could not finish, or that another writer went on with. */
static bool is_cut(const char *line)
{
    return strncmp(line, LINE_START, MIN(strlen(line), strlen(LINE_START))) == 0;
}

/* False when a line is neither an object that is accepted nor cut. */
static bool handle_lines(char *text, report_handler *handle, void *data, unsigned *n_broken)
{
    bool is_fine = true;

    for (char *line = text, *end; is_fine && line != NULL && *line != '\0'; line = end) {
        end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        JsonObject *object = report_parse(g_strstrip(line));
        if (object != NULL) {
            is_fine = offer(object, handle, data);
        } else if (*line != '\0') {
            is_fine = is_cut(line);
            ++*n_broken;
        }
    }
    return is_fine;
}

bool report_each(const char *path, report_handler *handle, void *data, unsigned *n_broken, GError **error)
{
    char *text = NULL;

    if (!read_all(path, &text, error)) {
        return false;
    }
    JsonObject *whole = strstr(text, "}\n{") == NULL ? report_parse(text) : NULL;
    bool is_fine = whole != NULL ? offer(whole, handle, data) : handle_lines(text, handle, data, n_broken);
    if (!is_fine) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "\"%s\" is not a report of skypefp-batch --format jsonl", path);
    }
    g_free(text);
    return is_fine;
}
