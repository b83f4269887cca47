/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins reports, in any order: captures are identified by content, and the evidence of their endpoints adds up.
 *
 * A capture's record is what merging needs of its document: file, versions, times, endpoints, hosts, conversations
 * with evidence of their own, binary answers. The merged document holds the records, so that it can be merged again. */
#include "merge.h"

#include "complaint.h"
#include "capture_findings.h"
#include "merge_output.h"
#include "privileges.h"
#include "protection.h"
#include "report.h"
#include "report_reader.h"

#include <string.h>

struct merge {
    GHashTable *records; /* key of a capture -> its record */
    GHashTable *texts;   /* a record -> its text, of those in records that only their text sets apart from another */
    skypefp_protection protection;
};

/* Evidence of a TCP initiator belongs to its conversation; all other conversations follow from their endpoints. */
static void keep_conversations(JsonObject *record, JsonArray *conversations)
{
    JsonArray *own = json_array_new();

    for (guint i = 0; i < json_array_get_length(conversations); i++) {
        JsonObject *conversation = report_object_at(conversations, i);
        if (conversation != NULL && report_has_own_evidence(conversation)) {
            json_array_add_object_element(own, json_object_ref(conversation));
        }
    }
    json_object_set_array_member(record, "conversations", own);
}

static JsonObject *make_record(JsonObject *document)
{
    static const char *const kept[] = { "file",  "plugin_version", "wireshark_version", "capture",       "endpoints",
                                        "hosts", "software",       "contacts",          "binary_answers" };
    JsonArray *conversations = report_array(document, "conversations");
    JsonObject *record = json_object_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++) {
        JsonNode *node = json_object_get_member(document, kept[i]);
        if (node != NULL) {
            json_object_set_member(record, kept[i], json_node_ref(node));
        }
    }
    if (conversations != NULL) {
        keep_conversations(record, conversations);
    }
    return record;
}

/* How informative a record is; of two records of one capture the higher rank counts. */
static int rank(JsonObject *record)
{
    enum capture_status status = capture_status_of(report_string(report_object(record, "file"), "status"));

    return (N_CAPTURE_STATUSES - (int)status) * 3 + (report_array(record, "endpoints") != NULL) +
           (report_array(record, "conversations") != NULL); /* which records of earlier versions lack */
}

static const char *name_of(JsonObject *record)
{
    return report_string(report_object(record, "file"), "name");
}

/* "" when there is none. */
static const char *version_of(JsonObject *report)
{
    const char *version = report_string(report, "plugin_version");

    return version != NULL ? version : "";
}

/* Printed once: a report may have many lines about a capture. */
static const char *text_of(struct merge *merge, JsonObject *record)
{
    char *text = g_hash_table_lookup(merge->texts, record);

    if (text == NULL) {
        text = report_print(record, false);
        g_hash_table_insert(merge->texts, record, text);
    }
    return text;
}

/* Independent of the order: by rank, then by plugin version, name and text. */
static bool is_better(struct merge *merge, JsonObject *fresh, JsonObject *known)
{
    int order = rank(fresh) - rank(known);

    order = order != 0 ? order : strverscmp(version_of(fresh), version_of(known));
    order = order != 0 ? order : g_strcmp0(name_of(known), name_of(fresh));
    order = order != 0 ? order : strcmp(text_of(merge, fresh), text_of(merge, known));
    return order > 0;
}

/* False if the document is not a record of a capture. */
static bool add_record(struct merge *merge, JsonObject *document)
{
    JsonObject *file = report_object(document, "file");
    const char *hash = file != NULL ? report_string(file, "sha256") : NULL;
    const char *name = file != NULL ? report_string(file, "name") : NULL;

    if (name == NULL || capture_status_of(report_string(file, "status")) >= CAPTURE_SKIPPED) {
        return false;
    }
    char *key = hash != NULL ? g_strdup(hash) : g_strconcat("name:", name, NULL);
    JsonObject *record = make_record(document), *known = g_hash_table_lookup(merge->records, key);
    bool is_kept = known == NULL || is_better(merge, record, known);
    g_hash_table_remove(merge->texts, is_kept ? known : record);
    if (is_kept) {
        g_hash_table_replace(merge->records, key, record);
    } else {
        json_object_unref(record);
        g_free(key);
    }
    return true;
}

static bool add_object(JsonObject *object, void *data)
{
    struct merge *merge = data;
    JsonArray *captures = report_is_merged(object) ? report_array(object, "captures") : NULL;

    bool is_record = captures != NULL;

    for (guint i = 0; is_record && i < json_array_get_length(captures); i++) {
        JsonObject *record = report_object_at(captures, i);
        is_record = record == NULL || add_record(merge, record);
    }
    return is_record || (captures == NULL && report_is_of_capture(object) && add_record(merge, object));
}

/* By the time of the first frame, so that "first" means first; then by key. */
static const char *first_time(JsonObject *record)
{
    JsonObject *capture = report_object(record, "capture");
    const char *time = capture != NULL ? report_string(capture, "first_time") : NULL;

    return time != NULL ? time : "9";
}

static gint compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    GHashTable *records = data;
    int order = strcmp(first_time(g_hash_table_lookup(records, left)), first_time(g_hash_table_lookup(records, right)));

    return order != 0 ? order : strcmp(left, right);
}

static int print(const struct options *options, const skypefp_protection *protection, const struct merged *merged)
{
    int code = EXIT_NOTHING;

    for (guint i = 0; i < options->outputs->len; i++) {
        struct output *output = g_ptr_array_index(options->outputs, i);
        char *reason = NULL;
        if (output_open(output, protection, options->fail_on, true, &reason) && output_begin(output, &reason)) {
            if (output->format == &output_format_json) {
                merge_print_json(output->file, merged);
            } else {
                merge_print_table(output->file, merged, output->style);
            }
            struct output plain = *output; /* the format's own end is for captures one by one */
            plain.format = &output_format_json;
            output_close(&plain, true, &reason);
        }
        if (reason != NULL) {
            complain("%s", reason);
            code = EXIT_USAGE;
        }
        g_free(reason);
    }
    return code;
}

static enum skypefp_verdict strongest(const struct merged *merged)
{
    enum skypefp_verdict verdict = SKYPEFP_NONE;

    for (guint i = 0; i < merged->endpoints->len; i++) {
        const struct merged_endpoint *endpoint = g_ptr_array_index(merged->endpoints, i);
        verdict = MAX(verdict, endpoint->standing.verdict);
    }
    for (guint i = 0; i < merged->conversations->len; i++) {
        const struct merged_conversation *conversation =
            &g_array_index(merged->conversations, struct merged_conversation, i);
        verdict = MAX(verdict, conversation->verdict);
    }
    return verdict;
}

static int exit_code(const struct options *options, const struct merged *merged, unsigned n_damaged)
{
    for (guint i = 0; i < merged->records->len; i++) {
        const char *status = report_string(report_object(g_ptr_array_index(merged->records, i), "file"), "status");
        n_damaged += capture_status_of(status) != CAPTURE_OK;
    }
    return options_exit_code(options, (int)strongest(merged) >= options->fail_on, n_damaged);
}

static int finish(const struct options *options, const struct merge *merge, unsigned n_broken)
{
    struct merged merged = { .records = g_ptr_array_new(),
                             .keys = g_ptr_array_new(),
                             .same_network = options->same_network };
    GHashTableIter iter;
    gpointer key;
    unsigned n_unknown;

    g_hash_table_iter_init(&iter, merge->records);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_ptr_array_add(merged.keys, key);
    }
    g_ptr_array_sort_with_data(merged.keys, compare_keys, merge->records);
    for (guint i = 0; i < merged.keys->len; i++) {
        g_ptr_array_add(merged.records, g_hash_table_lookup(merge->records, g_ptr_array_index(merged.keys, i)));
    }
    merged.endpoints = merge_endpoints(merged.records, merged.keys, options->same_network, &n_unknown);
    merged.conversations = merge_conversations(merged.records);
    merged.sessions = merge_sessions(merged.records);
    int code = print(options, &merge->protection, &merged);
    if (n_broken > 0 && !options->is_quiet) {
        complain("%u %s not complete; the run that wrote them was killed: repeat it with --resume", n_broken,
                 n_broken == 1 ? "line is" : "lines are");
    }
    if (n_unknown > 0 && !options->is_quiet) {
        complain("evidence of rules that this version does not know is left out (%u times)", n_unknown);
    }
    code = code == EXIT_NOTHING ? exit_code(options, &merged, n_broken) : code;
    g_array_unref(merged.sessions);
    g_array_unref(merged.conversations);
    g_ptr_array_unref(merged.endpoints);
    g_ptr_array_unref(merged.records);
    g_ptr_array_unref(merged.keys);
    return code;
}

int merge_reports(const struct options *options)
{
    struct merge merge = {
        .records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_object_unref),
        .texts = g_hash_table_new_full(NULL, NULL, NULL, g_free),
    };
    unsigned n_broken = 0;
    GError *error = NULL;
    char *reason = NULL;
    int code = EXIT_USAGE;

    privileges_init();
    protection_init(&merge.protection, options, NULL, &reason);
    for (char **path = options->arguments; *path != NULL && error == NULL && reason == NULL; path++) {
        report_each(*path, add_object, &merge, &n_broken, &error);
    }
    g_hash_table_destroy(merge.texts);
    if (error != NULL || reason != NULL) {
        complain("%s", error != NULL ? error->message : reason);
    } else if (g_hash_table_size(merge.records) == 0 && n_broken == 0 && !options->allow_empty) {
        complain("the reports list no captures (--allow-empty if that is expected)");
    } else {
        code = finish(options, &merge, n_broken);
    }
    g_clear_error(&error);
    g_free(reason);
    protection_clear(&merge.protection);
    g_hash_table_destroy(merge.records);
    return code;
}
