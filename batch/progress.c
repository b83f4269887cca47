/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the progress of a run with rate and remaining time. */
#include "progress.h"

#include "complaint.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, BAR_INTERVAL = 100 * 1000, LINE_INTERVAL = 10 * 1000 * 1000 };

void progress_start(struct progress *progress, unsigned total, bool is_quiet)
{
    *progress = (struct progress){ .is_quiet = is_quiet, .is_terminal = isatty(STDERR_FILENO) != 0, .total = total };
    progress->started = progress->shown = g_get_monotonic_time();
}

/* "1:02:03" or "2:03" */
static char *format_duration(double seconds)
{
    unsigned left = (unsigned)CLAMP(seconds, 0, 1e8);

    return left >= 3600 ? g_strdup_printf("%u:%02u:%02u", left / 3600, left / 60 % 60, left % 60)
                        : g_strdup_printf("%u:%02u", left / 60, left % 60);
}

static char *format_state(const struct progress *progress, unsigned n, gint64 now)
{
    double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;
    double rate = seconds > 0 ? n / seconds : 0;
    char *left = rate > 0 ? format_duration((progress->total - n) / rate) : g_strdup("?");
    char *state = g_strdup_printf("%u of %u captures, %.1f/s, %s left", n, progress->total, rate, left);

    g_free(left);
    return state;
}

static void draw_bar(const struct progress *progress, unsigned n, const char *state)
{
    char bar[BAR_WIDTH + 1];
    unsigned filled = progress->total > 0 ? (unsigned)((guint64)BAR_WIDTH * n / progress->total) : BAR_WIDTH;

    for (unsigned i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %s\033[K", bar, state);
}

void progress_show(struct progress *progress, unsigned n)
{
    gint64 now = g_get_monotonic_time();

    if (progress->is_quiet || now - progress->shown < (progress->is_terminal ? BAR_INTERVAL : LINE_INTERVAL)) {
        return;
    }
    char *state = format_state(progress, n, now);
    if (progress->is_terminal) {
        draw_bar(progress, n, state);
    } else {
        complain("%s", state);
    }
    g_free(state);
    progress->shown = now;
}

void progress_end(struct progress *progress, unsigned n)
{
    double seconds = (double)(g_get_monotonic_time() - progress->started) / G_USEC_PER_SEC;

    if (!progress->is_quiet) {
        fprintf(stderr, "%sskypefp-batch: %u of %u captures in %.1f s\n", progress->is_terminal ? "\r\033[K" : "", n,
                progress->total, seconds);
    }
}
