/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads reports that anybody may have written: bounded, plain, and nothing but reports. */
#include "report_reader.h"

#include "plain_text.h"
#include "report.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINE_START "{\"schema\":" /* of every line that a batch writes */

enum {
    MAX_LINE = 256 * 1024 *
               1024, /* bytes; a capture with all endpoints and conversations that a report lists takes some 40 MB */
    MAX_DOCUMENT = 1024 * 1024 * 1024, /* bytes of a document on several lines, such as a merged one */
};

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
    bool is_name =
        strcmp(key, "name") == 0 && JSON_NODE_HOLDS_VALUE(value) && json_node_get_value_type(value) == G_TYPE_STRING;

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
    bool is_accepted = is_plain(node) && (report_is_finding(object) || handle(object, data));

    json_node_unref(node);
    json_object_unref(object);
    return is_accepted;
}

/* A line that its writer could not finish, or that another writer went on with. */
static bool is_cut(const char *line)
{
    return strncmp(line, LINE_START, MIN(strlen(line), strlen(LINE_START))) == 0;
}

enum line_event { LINE_READ, LINE_NONE, LINE_FOREIGN, LINE_TOO_LONG };

/* Appends a line without its end, or, if whole, all that is left. Foreign: it does not begin with a brace; it is not
 * read further. */
static enum line_event read_line(FILE *file, GString *text, bool whole)
{
    int character;

    while ((character = getc_unlocked(file)) != EOF && (whole || character != '\n')) {
        if (text->len == 0 && character != '{' && !g_ascii_isspace(character)) {
            return LINE_FOREIGN;
        }
        if (text->len >= (gsize)(whole ? MAX_DOCUMENT : MAX_LINE)) {
            return LINE_TOO_LONG;
        }
        g_string_append_c(text, (char)character);
    }
    return character == EOF && text->len == 0 ? LINE_NONE : LINE_READ;
}

/* A line, or a document on several. False when it is neither an object that is accepted nor cut. */
static bool handle_text(GString *text, report_handler *handle, void *data, unsigned *n_broken)
{
    bool has_null = strlen(text->str) != text->len;
    char *line = g_strstrip(text->str);
    JsonObject *object = has_null ? NULL : report_parse(line);

    if (object != NULL) {
        return offer(object, handle, data);
    }
    *n_broken += *line != '\0';
    return is_cut(line);
}

/* What is wrong with a file; NULL: nothing. The first line of a document on several lines is a brace alone. */
static const char *handle_file(FILE *file, report_handler *handle, void *data, unsigned *n_broken)
{
    GString *text = g_string_new(NULL);
    enum line_event event;
    bool is_first = true, is_fine = true;

    while (is_fine && (event = read_line(file, text, false)) == LINE_READ) {
        if (is_first && strcmp(text->str, "{") == 0) {
            event = read_line(file, text, true);
            if (event == LINE_TOO_LONG) {
                break;
            }
        }
        is_fine = handle_text(text, handle, data, n_broken);
        is_first = is_first && text->len == 0;
        g_string_truncate(text, 0);
    }
    g_string_free(text, TRUE);
    return !is_fine || event == LINE_FOREIGN ? "is not a report of skypefp-batch --format jsonl"
           : event == LINE_TOO_LONG ? "is not a report of skypefp-batch: a line or a document in it is too long"
                                    : NULL;
}

bool report_each(const char *path, report_handler *handle, void *data, unsigned *n_broken, GError **error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : g_fopen(path, "re");
    const char *fault = file != NULL ? handle_file(file, handle, data, n_broken) : NULL;
    int code = errno;
    char *name = skypefp_escape_name(path, NULL);

    if (file == NULL || ferror(file)) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "could not read \"%s\": %s", name,
                    g_strerror(code));
    } else if (fault != NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "\"%s\" %s", name, fault);
    }
    if (file != NULL && !is_stdin) {
        fclose(file);
    }
    g_free(name);
    return *error == NULL;
}
