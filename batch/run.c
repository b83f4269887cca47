/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands captures to workers, and what comes back, in order, to the outputs. */
#include "run.h"

#include "complaint.h"
#include "doctor.h"
#include "examine.h"
#include "follow.h"
#include "interrupt.h"
#include "lean.h"
#include "privileges.h"
#include "progress.h"
#include "reading.h"
#include "reporting.h"
#include "spool.h"
#include "walk.h"
#include "watch.h"

#include <string.h>
#include <unistd.h>

/* What a worker is reading. */
struct current {
    char *path;      /* NULL: nothing */
    gint64 size;     /* of the file when it was listed */
    gint64 furthest; /* position seen in it */
};

struct run {
    const struct options *options;
    struct reporting reporting;
    struct engine *engine;
    GPtrArray *captures; /* struct capture, sorted; each belongs to its worker until it is done */
    unsigned n_workers;
    struct sharkd **sharkds; /* one for each worker */
    gint next;               /* the first capture that no worker took; atomic */
    gint next_worker;        /* atomic */
    gint is_stopped;         /* every report is a closed pipe; atomic */
    GMutex mutex;            /* guards what follows */
    GCond is_changed;
    struct current *current; /* of each worker */
    guint8 *is_done;         /* of each capture */
    gint64 bytes_done;       /* of the files that are done */
    unsigned n_done, n_working;
};

/* ---- workers ---- */

static bool process(struct run *run, struct capture *capture, struct sharkd *sharkd)
{
    if (capture->status != CAPTURE_OK) {
        return true;
    }
    if (g_hash_table_size(run->reporting.earlier) > 0) { /* otherwise the hash comes with the content */
        enum capture_reading reading = examine_hash(capture, run->options->timeout_seconds);
        if (reading != CAPTURE_READ) {
            return reading != CAPTURE_INTERRUPTED;
        }
        capture->is_carried = reporting_is_covered(&run->reporting, capture);
    }
    return capture->is_carried || examine(capture, run->engine, sharkd, run->options->timeout_seconds);
}

static void begin_capture(struct run *run, struct current *current, const struct capture *capture)
{
    g_mutex_lock(&run->mutex);
    *current = (struct current){ .path = g_strdup(capture->path), .size = capture->listed_size };
    g_mutex_unlock(&run->mutex);
}

static void end_capture(struct run *run, struct current *current, guint index, bool is_done)
{
    g_mutex_lock(&run->mutex);
    run->is_done[index] = is_done;
    run->n_done += is_done;
    run->bytes_done += current->size;
    g_clear_pointer(&current->path, g_free);
    g_cond_signal(&run->is_changed);
    g_mutex_unlock(&run->mutex);
}

static gpointer work(gpointer data)
{
    struct run *run = data;
    unsigned worker = (unsigned)g_atomic_int_add(&run->next_worker, 1);
    guint index;

    while (!interrupted() && !g_atomic_int_get(&run->is_stopped) &&
           (index = (guint)g_atomic_int_add(&run->next, 1)) < run->captures->len) {
        struct capture *capture = g_ptr_array_index(run->captures, index);
        gint64 started = g_get_monotonic_time();
        begin_capture(run, &run->current[worker], capture);
        bool is_done = process(run, capture, run->sharkds[worker]);
        capture->seconds = (double)(g_get_monotonic_time() - started) / G_USEC_PER_SEC;
        end_capture(run, &run->current[worker], index, is_done);
    }
    g_mutex_lock(&run->mutex);
    run->n_working--;
    g_cond_signal(&run->is_changed);
    g_mutex_unlock(&run->mutex);
    return NULL;
}

/* ---- the main thread ---- */

/* Bytes of the files that are done, and of those that are being read. With the mutex held. */
static gint64 count_bytes(struct run *run)
{
    gint64 bytes = run->bytes_done;

    for (unsigned i = 0; i < run->n_workers; i++) {
        struct current *current = &run->current[i];
        if (current->path != NULL) {
            current->furthest = MAX(current->furthest,
                                    MIN(reading_position(current->path, engine_is_direct(run->engine)), current->size));
            bytes += current->furthest;
        }
    }
    return bytes;
}

/* Waits until a capture is done. False when it will not be any more. */
static bool wait_for(struct run *run, guint index, struct progress *progress)
{
    static const gint64 INTERVAL = G_USEC_PER_SEC / 10;
    bool is_done;

    g_mutex_lock(&run->mutex);
    while (!run->is_done[index] && run->n_working > 0) {
        g_cond_wait_until(&run->is_changed, &run->mutex, g_get_monotonic_time() + INTERVAL);
        if (progress_is_due(progress)) {
            progress_show(progress, run->n_done, count_bytes(run));
        }
    }
    is_done = run->is_done[index];
    g_mutex_unlock(&run->mutex);
    return is_done;
}

static void report_in_order(struct run *run, struct progress *progress)
{
    bool shares_terminal = isatty(STDOUT_FILENO) != 0;

    for (guint i = 0; i < run->captures->len; i++) {
        if (wait_for(run, i, progress)) {
            if (shares_terminal) {
                progress_clear(progress);
            }
            reporting_add(&run->reporting, g_ptr_array_index(run->captures, i));
            g_clear_pointer(&g_ptr_array_index(run->captures, i), capture_free);
        }
        g_atomic_int_set(&run->is_stopped, reporting_is_pointless(&run->reporting));
    }
}

static gint64 total_bytes(GPtrArray *captures)
{
    gint64 bytes = 0;

    for (guint i = 0; i < captures->len; i++) {
        bytes += ((const struct capture *)g_ptr_array_index(captures, i))->listed_size;
    }
    return bytes;
}

/* Examines the captures at hand. */
static void work_through(struct run *run)
{
    GThread **threads = g_new0(GThread *, run->n_workers);
    struct progress progress;

    progress_start(&progress, run->captures->len, total_bytes(run->captures), run->options->is_quiet);
    run->is_done = g_new0(guint8, run->captures->len + 1);
    run->next = run->next_worker = 0;
    run->n_done = 0;
    run->bytes_done = 0;
    run->n_working = run->n_workers;
    for (unsigned i = 0; i < run->n_workers; i++) {
        threads[i] = g_thread_new("worker", work, run);
    }
    report_in_order(run, &progress);
    for (unsigned i = 0; i < run->n_workers; i++) {
        g_thread_join(threads[i]);
    }
    if (!run->options->is_watching) {
        progress_end(&progress, run->n_done);
    }
    progress_clear(&progress);
    g_clear_pointer(&run->is_done, g_free);
    g_free(threads);
}

/* Examines what is finished, until a signal, or until every report is a closed pipe. */
static void keep_watching(struct run *run)
{
    struct watch *watch = watch_new(run->options);

    while (!interrupted() && !run->is_stopped) {
        g_ptr_array_unref(run->captures);
        run->captures = watch_next(watch, &run->reporting);
        if (run->captures->len > 0) {
            work_through(run);
        } else {
            g_usleep(G_USEC_PER_SEC / 2);
        }
    }
    watch_free(watch);
}

/* Starts each worker's sharkd, unless Wireshark is for captures that this program is not sure of; nobody waits here
 * but for the first, which proves that the plugin is loaded and saves a start of tshark. When it does not, tshark
 * has the last word. */
static bool start_engine(struct run *run, char **reason)
{
    unsigned n_needed = run->options->is_watching ? run->options->n_workers : run->captures->len;
    bool is_lazy = engine_is_direct(run->engine);

    if (run->engine->kind == ENGINE_LEAN) {
        lean_write(run->engine);
    }
    run->n_workers = CLAMP(n_needed, 1, run->options->n_workers);
    run->current = g_new0(struct current, run->n_workers);
    run->sharkds = g_new0(struct sharkd *, run->n_workers);
    for (unsigned i = 0; i < run->n_workers; i++) {
        run->sharkds[i] = sharkd_new(run->engine, i);
        if (!is_lazy && engine_prefers_sharkd(run->engine, 0, false)) {
            sharkd_start(run->sharkds[i]);
        }
    }
    return is_lazy || (engine_prefers_sharkd(run->engine, 0, false) && sharkd_has_plugin(run->sharkds[0])) ||
           engine_tshark_has_plugin(run->engine, reason);
}

static void stop_engine(struct run *run)
{
    for (unsigned i = 0; i < run->n_workers; i++) {
        sharkd_free(run->sharkds[i]);
    }
    g_free(run->sharkds);
    g_free(run->current);
    engine_close(run->engine);
}

static int run_all(struct run *run)
{
    int code = EXIT_USAGE;

    if (reporting_open(&run->reporting, run->options, run->captures, run->engine)) {
        if (run->options->is_watching) {
            keep_watching(run);
        } else if (run->options->is_following) {
            follow_stdin(&run->reporting, g_ptr_array_index(run->captures, 0));
        } else {
            spool_inputs(run->captures, run->engine->folder);
            work_through(run);
        }
        code = reporting_close(&run->reporting);
    }
    reporting_free(&run->reporting);
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
        run.engine = engine_open(options->engine, options->near_misses, &reason);
    }
    g_mutex_init(&run.mutex);
    g_cond_init(&run.is_changed);
    bool is_started = run.engine != NULL && start_engine(&run, &reason);
    int code = is_started && !interrupted() ? run_all(&run) : explain(&run, reason);
    if (run.engine != NULL) {
        stop_engine(&run);
    }
    g_clear_pointer(&run.captures, g_ptr_array_unref);
    g_mutex_clear(&run.mutex);
    g_cond_clear(&run.is_changed);
    g_free(reason);
    return code;
}
