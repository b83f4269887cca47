/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads earlier reports, so that a run resumes where an earlier one stopped. */
#include "resume.h"

#include "complaint.h"
#include "output_jsonl.h"
#include "report.h"
#include "report_reader.h"
#include "skypefp_version.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    GHashTable *captures;
    char *plugin_version; /* of what reads captures now */
    bool near_misses;     /* a report has to have them */
};

static void free_capture(gpointer capture)
{
    capture_free(capture);
}

/* Keeps what this version of the plugin read. */
static bool keep_document(JsonObject *document, void *data)
{
    struct reading *reading = data;
    struct capture *capture = report_capture_of(document);
    bool is_usable = capture != NULL && capture->sha256 != NULL && capture->status <= CAPTURE_TRUNCATED &&
                     report_array(document, "endpoints") != NULL &&
                     (!reading->near_misses || report_array(document, "near_misses") != NULL) &&
                     g_strcmp0(report_string(document, "schema"), REPORT_SCHEMA) == 0 &&
                     g_strcmp0(report_string(document, "plugin_version"), reading->plugin_version) == 0;

    if (is_usable) {
        capture->document = json_object_ref(document);
        g_hash_table_replace(reading->captures, g_strdup(capture->sha256), capture);
    } else if (capture != NULL) {
        capture_free(capture);
        return true;
    }
    return is_usable;
}

/* Reads a report; an absent one is empty. */
static bool read_report(struct reading *reading, const char *path, bool is_quiet)
{
    unsigned n_broken = 0;
    GError *error = NULL;
    bool is_read = report_each(path, keep_document, reading, &n_broken, &error);
    bool is_absent = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

    if (error != NULL && !(is_absent && is_quiet)) {
        complain("%s%s", error->message, is_absent ? "; nothing to resume" : "");
    }
    if (n_broken > 0 && !is_quiet) {
        complain("ignored %u unfinished %s of \"%s\"", n_broken, n_broken == 1 ? "line" : "lines", path);
    }
    g_clear_error(&error);
    return is_read || is_absent;
}

static bool is_same_file(const char *a, const char *b)
{
    char *left = a != NULL ? g_canonicalize_filename(a, NULL) : NULL;
    char *right = b != NULL ? g_canonicalize_filename(b, NULL) : NULL;
    bool is_same = left != NULL && g_strcmp0(left, right) == 0;

    g_free(left);
    g_free(right);
    return is_same;
}

/* The file that a name leads to through symbolic links, to be freed; NULL if there is none. */
static char *real_path(const char *path)
{
    char *found = path != NULL ? realpath(path, NULL) : NULL;
    char *copy = g_strdup(found);

    free(found);
    return copy;
}

void resume_follow_links(struct options *options)
{
    char *resumed = real_path(options->resume);

    for (guint i = 0; resumed != NULL && i < options->outputs->len; i++) {
        struct output *output = g_ptr_array_index(options->outputs, i);
        char *written = real_path(output->path);
        if (g_strcmp0(written, resumed) == 0) {
            g_free(output->path);
            output->path = g_strdup(resumed);
            g_free(options->resume);
            options->resume = g_strdup(resumed);
        }
        g_free(written);
    }
    g_free(resumed);
}

bool resume_is_replaced_by(const struct options *options, const struct output *output)
{
    return is_same_file(options->resume, output->path);
}

/* Writes all that was read into the report itself: the unfinished file beside it is about to be overwritten. */
static bool keep(const struct reading *reading, const char *path)
{
    GList *hashes = g_list_sort(g_hash_table_get_keys(reading->captures), (GCompareFunc)strcmp);
    GString *text = g_string_new(NULL);
    GError *error = NULL;

    for (GList *hash = hashes; hash != NULL; hash = hash->next) {
        char *line = report_line(g_hash_table_lookup(reading->captures, hash->data));
        g_string_append_printf(text, "%s\n", line);
        g_free(line);
    }
    bool is_kept = g_file_set_contents(path, text->str, (gssize)text->len, &error);
    if (!is_kept) {
        complain("%s", error->message);
        g_error_free(error);
    }
    g_list_free(hashes);
    g_string_free(text, TRUE);
    return is_kept;
}

/* A run that was killed left its lines beside the report that it should have replaced. */
static bool read_left(struct reading *reading, const struct options *options)
{
    char *left = g_strconcat(options->resume, OUTPUT_UNFINISHED, NULL);
    bool is_fine = true;

    if (g_file_test(left, G_FILE_TEST_EXISTS)) {
        is_fine = read_report(reading, left, true) && keep(reading, options->resume);
    }
    g_free(left);
    return is_fine;
}

GHashTable *resume_read(const struct options *options, struct engine *engine)
{
    struct reading reading = { .captures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_capture),
                               .near_misses = options->near_misses };
    bool is_direct = engine_is_direct(engine);
    JsonObject *own = options->resume != NULL && !is_direct ? report_parse(engine_empty_document(engine)) : NULL;
    bool is_fine = true, is_replaced = false;

    reading.plugin_version = own != NULL ? g_strdup(report_string(own, "plugin_version"))
                             : is_direct ? g_strdup(SKYPEFP_VERSION)
                                         : NULL;
    for (guint i = 0; i < options->outputs->len; i++) {
        const struct output *output = g_ptr_array_index(options->outputs, i);
        is_replaced = is_replaced || (output->format == &output_format_jsonl && resume_is_replaced_by(options, output));
    }
    if (options->resume != NULL) {
        is_fine =
            read_report(&reading, options->resume, options->is_quiet) && (!is_replaced || read_left(&reading, options));
    }
    g_clear_pointer(&own, json_object_unref);
    g_free(reading.plugin_version);
    if (!is_fine) {
        g_clear_pointer(&reading.captures, g_hash_table_destroy);
    }
    return reading.captures;
}
