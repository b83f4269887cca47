/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens, feeds and closes the outputs of a run, and counts. */
#include "reporting.h"

#include "complaint.h"
#include "extract.h"
#include "extract_known.h"
#include "file_kind.h"
#include "capture_findings.h"
#include "interrupt.h"
#include "protection.h"
#include "resume.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static struct output *output_at(const struct reporting *reporting, guint index)
{
    return g_ptr_array_index(reporting->options->outputs, index);
}

/* Nothing of an earlier report is lost when one of the outputs cannot be written. */
static bool open_outputs(struct reporting *reporting)
{
    const struct options *options = reporting->options;
    char *reason = NULL;

    for (guint i = 0; i < options->outputs->len && reason == NULL; i++) {
        struct output *output = output_at(reporting, i);
        output_open(output, &reporting->protection, options->fail_on, resume_is_replaced_by(options, output), &reason);
    }
    for (guint i = 0; i < options->outputs->len && reason == NULL; i++) {
        output_begin(output_at(reporting, i), &reason);
    }
    if (reason != NULL) {
        complain("%s", reason);
        g_free(reason);
        return false;
    }
    return true;
}

/* The folder of the extracts, which is created if absent. */
static bool make_extract_folder(const struct options *options)
{
    if (options->extract == NULL || g_mkdir(options->extract, 0777) == 0) {
        return true;
    }
    int error = errno;
    if (g_file_test(options->extract, G_FILE_TEST_IS_DIR)) {
        return true;
    }
    complain("could not make the folder \"%s\": %s", options->extract, g_strerror(error));
    return false;
}

/* What cannot be extracted counts as damage. Nothing is extracted from an extract of the same folder. */
static bool extract(const struct reporting *reporting, const struct capture *capture)
{
    const char *folder = reporting->options->extract;
    char *reason = NULL;
    bool is_wanted = folder != NULL && report_verdict(capture->document) >= SKYPEFP_LIKELY;
    bool is_extract = is_wanted && extract_is_one(capture->path, folder);
    bool is_done = !is_wanted || is_extract || extract_capture(capture, folder, &reason);

    if (!is_done) {
        complain("%s", reason);
    } else if (is_extract && !reporting->options->is_quiet) {
        complain("\"%s\" is in the folder of the extracts and says that it is one; nothing was extracted from it",
                 capture->name);
    }
    g_free(reason);
    return is_done;
}

bool reporting_open(struct reporting *reporting, const struct options *options, GPtrArray *captures,
                    struct engine *engine)
{
    char *reason = NULL;

    *reporting = (struct reporting){ .options = options,
                                     .reported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
    if (!protection_init(&reporting->protection, options, captures, &reason)) {
        complain("%s", reason);
        g_free(reason);
        return false;
    }
    reporting->earlier = resume_read(options, engine);
    return reporting->earlier != NULL && make_extract_folder(options) && open_outputs(reporting);
}

bool reporting_is_covered(const struct reporting *reporting, const struct capture *capture)
{
    return g_hash_table_contains(reporting->earlier, capture->sha256);
}

void reporting_add(struct reporting *reporting, struct capture *capture)
{
    if (capture->is_carried) {
        const struct capture *earlier = g_hash_table_lookup(reporting->earlier, capture->sha256);
        capture->document = json_object_ref(earlier->document);
        capture_set_status(capture, earlier->status, g_strdup(earlier->message));
    }
    if (capture->status == CAPTURE_SKIPPED ||
        (capture->is_found && capture->size == 0 && !skypefp_has_capture_suffix(capture->path))) {
        reporting->n_skipped++;
        return;
    }
    reporting->has_findings =
        reporting->has_findings || (int)report_verdict(capture->document) >= reporting->options->fail_on;
    reporting->has_read = reporting->has_read || capture->document != NULL;
    reporting->n_reported++;
    reporting->n_damaged += !extract(reporting, capture) || capture->status != CAPTURE_OK;
    for (guint i = 0; i < reporting->options->outputs->len; i++) {
        output_add(output_at(reporting, i), capture);
    }
    if (capture->sha256 != NULL) {
        g_hash_table_add(reporting->reported, g_strdup(capture->sha256));
    }
}

void reporting_say(struct reporting *reporting, const char *line)
{
    for (guint i = 0; i < reporting->options->outputs->len; i++) {
        output_say(output_at(reporting, i), line);
    }
}

bool reporting_is_pointless(const struct reporting *reporting)
{
    bool is_pointless = true;

    for (guint i = 0; i < reporting->options->outputs->len; i++) {
        is_pointless = is_pointless && output_at(reporting, i)->is_gone;
    }
    return is_pointless;
}

bool reporting_is_output(const struct reporting *reporting, const struct stat *status)
{
    bool found = false;

    for (guint i = 0; i < reporting->options->outputs->len; i++) {
        struct stat of_output;
        found = found || (fstat(fileno(output_at(reporting, i)->file), &of_output) == 0 &&
                          of_output.st_dev == status->st_dev && of_output.st_ino == status->st_ino);
    }
    return found;
}

/* A run that replaces the report it resumes keeps what it did not come to, because it was interrupted, or because no
 * capture could be read: perhaps the folder is not mounted. */
static void keep_earlier(struct reporting *reporting, struct output *output)
{
    GList *hashes = g_list_sort(g_hash_table_get_keys(reporting->earlier), (GCompareFunc)strcmp);

    for (GList *hash = hashes; hash != NULL; hash = hash->next) {
        if (!g_hash_table_contains(reporting->reported, hash->data)) {
            output_add(output, g_hash_table_lookup(reporting->earlier, hash->data));
        }
    }
    g_list_free(hashes);
}

/* Captures that are no longer among the inputs are dropped from the report. */
static void say_dropped(const struct reporting *reporting)
{
    GHashTableIter iter;
    gpointer hash;
    unsigned n = 0;

    g_hash_table_iter_init(&iter, reporting->earlier);
    while (g_hash_table_iter_next(&iter, &hash, NULL)) {
        n += !g_hash_table_contains(reporting->reported, hash);
    }
    if (n > 0 && !reporting->options->is_quiet) {
        complain("%u %s of the earlier report %s not among the inputs; the new report leaves %s out", n,
                 n == 1 ? "capture" : "captures", n == 1 ? "is" : "are", n == 1 ? "it" : "them");
    }
}

/* Whether a signal is how the run ends, not an accident. */
static bool ends_by_signal(const struct options *options)
{
    return options->is_watching || options->is_following;
}

static bool close_outputs(struct reporting *reporting)
{
    bool is_written = true, is_complete = !interrupted() || ends_by_signal(reporting->options);

    for (guint i = 0; i < reporting->options->outputs->len; i++) {
        struct output *output = output_at(reporting, i);
        char *reason = NULL;
        if (output->unfinished != NULL && (interrupted() || !reporting->has_read)) {
            keep_earlier(reporting, output);
        } else if (output->unfinished != NULL) {
            say_dropped(reporting);
        }
        if (!output_close(output, is_complete, &reason)) {
            complain("%s", reason);
            is_written = false;
        }
        g_free(reason);
    }
    return is_written;
}

int reporting_close(struct reporting *reporting)
{
    const struct options *options = reporting->options;
    bool is_written = close_outputs(reporting);

    if (!options->is_quiet && reporting->n_skipped > 0) {
        complain("skipped %u %s", reporting->n_skipped,
                 reporting->n_skipped == 1 ? "file that is not a capture" : "files that are not captures");
    }
    if (!is_written) {
        return EXIT_USAGE;
    }
    if (interrupted() && !ends_by_signal(options)) {
        return 128 + interrupt_signal();
    }
    if (reporting->n_reported == 0 && !options->allow_empty) {
        complain("no captures found; nothing was examined (--allow-empty if that is expected)");
        return EXIT_USAGE;
    }
    return options_exit_code(options, reporting->has_findings, reporting->n_damaged);
}

void reporting_free(struct reporting *reporting)
{
    protection_clear(&reporting->protection);
    g_clear_pointer(&reporting->earlier, g_hash_table_destroy);
    g_clear_pointer(&reporting->reported, g_hash_table_destroy);
}
