/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, and objects as text. */
#include "members.h"

#include "text.h"

#include <string.h>

enum { MAX_DEPTH = 64 }; /* of nesting; reports have less than ten levels */

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

enum skypefp_verdict verdict_by_name(const char *name)
{
    for (int verdict = SKYPEFP_CERTAIN; verdict > SKYPEFP_NONE; verdict--) {
        if (g_strcmp0(name, skypefp_verdict_name((enum skypefp_verdict)verdict)) == 0) {
            return (enum skypefp_verdict)verdict;
        }
    }
    return SKYPEFP_NONE;
}

void report_set_string(JsonObject *object, const char *key, const char *value)
{
    if (value != NULL) {
        json_object_set_string_member(object, key, value);
    } else {
        json_object_set_null_member(object, key);
    }
}

void report_take_string(JsonObject *object, const char *key, char *value)
{
    report_set_string(object, key, value);
    g_free(value);
}

void report_set_frame(JsonObject *object, const char *key, uint32_t frame)
{
    if (frame != 0) {
        json_object_set_int_member(object, key, frame);
    } else {
        json_object_set_null_member(object, key);
    }
}

void report_set_time(JsonObject *object, const char *key, int64_t time_us)
{
    report_take_string(object, key, report_us_text(time_us));
}

/* The parser calls itself for each level. It also takes comments, in which quotes would mislead this function; they
 * are not JSON. */
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

    if (text != NULL && g_utf8_validate(text, -1, NULL) && is_shallow(text) &&
        json_parser_load_from_data(parser, text, -1, NULL)) {
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

bool report_read_time(JsonObject *row, const char *key, gint64 *time_us)
{
    const char *text = report_string(row, key);
    GDateTime *time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    if (time == NULL) {
        return false;
    }
    *time_us = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
    g_date_time_unref(time);
    return true;
}
