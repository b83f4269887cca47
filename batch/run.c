/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands captures to workers, and what comes back, in order, to the outputs. */
#include "run.h"

#include "complaint.h"
#include "doctor.h"
#include "examine.h"
#include "file_kind.h"
#include "interrupt.h"
#include "lean.h"
#include "privileges.h"
#include "progress.h"
#include "protection.h"
#include "report.h"
#include "resume.h"
#include "walk.h"

#include <string.h>

struct run {
    const struct options *options;
    struct engine *engine;
    GPtrArray *captures;        /* struct capture, sorted; each belongs to its worker until it is done */
    GHashTable *earlier;        /* sha256 -> struct capture of --resume, with document */
    GHashTable *reported;       /* sha256 of what was handed to the outputs */
    gint next;                  /* the first capture that no worker took; atomic */
    gint next_worker;           /* atomic */
    unsigned n_workers;
    struct sharkd **sharkds;    /* one for each worker */
    GMutex mutex;               /* guards what follows */
    GCond is_changed;
    guint8 *is_done;            /* of each capture */
    unsigned n_done, n_working;
    /* the main thread's: */
    unsigned n_skipped;
    unsigned n_reported, n_damaged;
    bool has_findings;
    skypefp_protection protection;
};

/* ---- workers ---- */

static bool process(struct run *run, struct capture *capture, struct sharkd *sharkd)
{
    if (capture->status != CAPTURE_OK || !capture_hash(capture)) {
        return true;
    }
    capture->is_carried = g_hash_table_contains(run->earlier, capture->sha256);
    return capture->is_carried || examine(capture, run->engine, sharkd, run->options->timeout_seconds);
}

static gpointer work(gpointer data)
{
    struct run *run = data;
    unsigned worker = (unsigned)g_atomic_int_add(&run->next_worker, 1);
    guint index;

    while (!interrupted() && (index = (guint)g_atomic_int_add(&run->next, 1)) < run->captures->len) {
        bool is_done = process(run, g_ptr_array_index(run->captures, index), run->sharkds[worker]);
        g_mutex_lock(&run->mutex);
        run->is_done[index] = is_done;
        run->n_done += is_done;
        g_cond_signal(&run->is_changed);
        g_mutex_unlock(&run->mutex);
    }
    g_mutex_lock(&run->mutex);
    run->n_working--;
    g_cond_signal(&run->is_changed);
    g_mutex_unlock(&run->mutex);
    return NULL;
}

/* ---- the main thread ---- */

static void hand_over(struct run *run, const struct capture *capture)
{
    for (guint i = 0; i < run->options->outputs->len; i++) {
        struct output *output = g_ptr_array_index(run->options->outputs, i);
        output->format->add(output, capture);
    }
    if (capture->sha256 != NULL) {
        g_hash_table_add(run->reported, g_strdup(capture->sha256));
    }
}

static void finish_capture(struct run *run, struct capture *capture)
{
    if (capture->is_carried) {
        const struct capture *earlier = g_hash_table_lookup(run->earlier, capture->sha256);
        capture->document = json_object_ref(earlier->document);
        capture_set_status(capture, earlier->status, g_strdup(earlier->message));
    }
    if (capture->status == CAPTURE_SKIPPED || (capture->is_found && capture->size == 0 && !skypefp_has_capture_suffix(capture->path))) {
        run->n_skipped++;
        return;
    }
    run->has_findings = run->has_findings || (int)document_verdict(capture->document) >= run->options->fail_on;
    run->n_reported++;
    run->n_damaged += capture->status != CAPTURE_OK;
    hand_over(run, capture);
}

/* Waits until a capture is done. False when it will not be any more. */
static bool wait_for(struct run *run, guint index, struct progress *progress)
{
    static const gint64 INTERVAL = G_USEC_PER_SEC / 10;
    bool is_done;

    g_mutex_lock(&run->mutex);
    while (!run->is_done[index] && run->n_working > 0) {
        g_cond_wait_until(&run->is_changed, &run->mutex, g_get_monotonic_time() + INTERVAL);
        progress_show(progress, run->n_done);
    }
    is_done = run->is_done[index];
    g_mutex_unlock(&run->mutex);
    return is_done;
}

static void work_through(struct run *run)
{
    GThread **threads = g_new0(GThread *, run->n_workers);
    struct progress progress;

    progress_start(&progress, run->captures->len, run->options->is_quiet);
    run->n_working = run->n_workers;
    for (unsigned i = 0; i < run->n_workers; i++) {
        threads[i] = g_thread_new("worker", work, run);
    }
    for (guint i = 0; i < run->captures->len; i++) {
        if (wait_for(run, i, &progress)) {
            finish_capture(run, g_ptr_array_index(run->captures, i));
            g_clear_pointer(&g_ptr_array_index(run->captures, i), capture_free);
        }
    }
    for (unsigned i = 0; i < run->n_workers; i++) {
        g_thread_join(threads[i]);
    }
    progress_end(&progress, run->n_done);
    g_free(threads);
}

static bool open_outputs(struct run *run)
{
    for (guint i = 0; i < run->options->outputs->len; i++) {
        struct output *output = g_ptr_array_index(run->options->outputs, i);
        char *reason = NULL;
        bool is_open = output_open(output, &run->protection, run->options->fail_on, resume_is_replaced_by(run->options, output), &reason);
        if (!is_open) {
            complain("%s", reason);
        }
        g_free(reason);
        if (!is_open) {
            return false;
        }
    }
    return true;
}

/* An interrupted run that replaces the report it resumes keeps what it did not come to. */
static void keep_earlier(struct run *run, struct output *output)
{
    GList *hashes = g_list_sort(g_hash_table_get_keys(run->earlier), (GCompareFunc)strcmp);

    for (GList *hash = hashes; hash != NULL; hash = hash->next) {
        if (!g_hash_table_contains(run->reported, hash->data)) {
            output->format->add(output, g_hash_table_lookup(run->earlier, hash->data));
        }
    }
    g_list_free(hashes);
}

static bool close_outputs(struct run *run)
{
    bool is_written = true;

    for (guint i = 0; i < run->options->outputs->len; i++) {
        struct output *output = g_ptr_array_index(run->options->outputs, i);
        char *reason = NULL;
        if (interrupted() && output->unfinished != NULL) {
            keep_earlier(run, output);
        }
        if (!output_close(output, !interrupted(), &reason)) {
            complain("%s", reason);
            is_written = false;
        }
        g_free(reason);
    }
    return is_written;
}

static int exit_code(const struct run *run, bool is_written)
{
    if (!run->options->is_quiet && run->n_skipped > 0) {
        complain("skipped %u %s", run->n_skipped,
                   run->n_skipped == 1 ? "file that is not a capture" : "files that are not captures");
    }
    if (!is_written || interrupted()) {
        return interrupted() && is_written ? 128 + interrupt_signal() : EXIT_USAGE;
    }
    if (run->n_reported == 0 && !run->options->allow_empty) {
        complain("no captures found; nothing was examined (--allow-empty if that is expected)");
        return EXIT_USAGE;
    }
    return options_exit_code(run->options, run->has_findings, run->n_damaged);
}

/* Starts each worker's sharkd; nobody waits here but for the first, which proves that the plugin is loaded and saves a start of
 * tshark. When it does not, tshark has the last word. */
static bool start_engine(struct run *run, char **reason)
{
    if (run->engine->kind == ENGINE_LEAN) {
        lean_write(run->engine);
    }
    run->n_workers = CLAMP(run->captures->len, 1, run->options->n_workers);
    run->sharkds = g_new0(struct sharkd *, run->n_workers);
    for (unsigned i = 0; i < run->n_workers; i++) {
        run->sharkds[i] = sharkd_new(run->engine, i);
        if (engine_prefers_sharkd(run->engine, 0, false)) {
            sharkd_start(run->sharkds[i]);
        }
    }
    return (engine_prefers_sharkd(run->engine, 0, false) && sharkd_has_plugin(run->sharkds[0])) ||
           engine_tshark_has_plugin(run->engine, reason);
}

static void stop_engine(struct run *run)
{
    for (unsigned i = 0; i < run->n_workers; i++) {
        sharkd_free(run->sharkds[i]);
    }
    g_free(run->sharkds);
    engine_close(run->engine);
}

static int run_all(struct run *run)
{
    char *reason = NULL;

    if (!protection_init(&run->protection, run->options, run->captures, &reason)) {
        complain("%s", reason);
        g_free(reason);
        return EXIT_USAGE;
    }
    run->earlier = resume_read(run->options, run->engine);
    if (run->earlier == NULL || !open_outputs(run)) {
        return EXIT_USAGE;
    }
    run->is_done = g_new0(guint8, run->captures->len + 1);
    work_through(run);
    int code = exit_code(run, close_outputs(run));
    g_free(run->is_done);
    return code;
}

static int explain(const struct run *run, const char *reason)
{
    if (interrupted()) {
        return 128 + interrupt_signal();
    }
    complain("%s", reason);
    if (run->captures != NULL) {
        doctor_explain();
    }
    return EXIT_USAGE;
}

int run_batch(const struct options *options)
{
    struct run run = { .options = options };
    char *reason = NULL;

    privileges_init();
    run.captures = walk_inputs(options, &reason);
    if (run.captures != NULL) {
        run.engine = engine_open(options->engine, &reason);
    }
    run.reported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&run.mutex);
    g_cond_init(&run.is_changed);
    bool is_started = run.engine != NULL && start_engine(&run, &reason);
    int code = is_started && !interrupted() ? run_all(&run) : explain(&run, reason);
    if (run.engine != NULL) {
        stop_engine(&run);
    }
    protection_clear(&run.protection);
    g_clear_pointer(&run.earlier, g_hash_table_destroy);
    g_hash_table_destroy(run.reported);
    g_clear_pointer(&run.captures, g_ptr_array_unref);
    g_mutex_clear(&run.mutex);
    g_cond_clear(&run.is_changed);
    g_free(reason);
    return code;
}
