/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the progress of a run with rate and remaining time. */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, BAR_INTERVAL = 100 * 1000, LINE_INTERVAL = 10 * 1000 * 1000 };

void progress_start(struct progress *progress, unsigned total, gint64 total_bytes, bool is_quiet)
{
    *progress = (struct progress){
        .is_quiet = is_quiet,
        .is_terminal = isatty(STDERR_FILENO) != 0,
        .total = total,
        .total_bytes = total_bytes,
    };
    progress->started = progress->shown = g_get_monotonic_time();
}

bool progress_is_due(const struct progress *progress)
{
    gint64 interval = progress->is_terminal ? BAR_INTERVAL : LINE_INTERVAL;

    return !progress->is_quiet && g_get_monotonic_time() - progress->shown >= interval;
}

/* "1:02:03" or "2:03" */
static char *format_duration(double seconds)
{
    unsigned left = (unsigned)CLAMP(seconds, 0, 1e8);

    return left >= 3600 ? g_strdup_printf("%u:%02u:%02u", left / 3600, left / 60 % 60, left % 60)
                        : g_strdup_printf("%u:%02u", left / 60, left % 60);
}

/* "85.3 MB", with an ordinary blank. */
static char *format_bytes(double bytes)
{
    char *text = g_format_size((guint64)MAX(bytes, 0));
    char **parts = g_strsplit(text, "\302\240", -1);
    char *plain = g_strjoinv(" ", parts);

    g_strfreev(parts);
    g_free(text);
    return plain;
}

/* "3 of 40 captures, 1.2 GB of 4.0 GB, 85.3 MB/s, 0:31 left" */
static char *format_state(const struct progress *progress, unsigned n, gint64 bytes, gint64 now)
{
    double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;
    double rate = seconds > 0 ? (double)bytes / seconds : 0;
    char *left = rate > 0 ? format_duration((double)(progress->total_bytes - bytes) / rate) : g_strdup("?");
    char *done = format_bytes((double)bytes), *total = format_bytes((double)progress->total_bytes),
         *speed = format_bytes(rate);
    char *state = g_strdup_printf("%u of %u %s, %s of %s, %s/s, %s left", n, progress->total,
                                  progress->total == 1 ? "capture" : "captures", done, total, speed, left);

    g_free(speed);
    g_free(total);
    g_free(done);
    g_free(left);
    return state;
}

static void draw_bar(const struct progress *progress, gint64 bytes, const char *state)
{
    char bar[BAR_WIDTH + 1];
    unsigned filled = progress->total_bytes > 0
                          ? (unsigned)((double)BAR_WIDTH * ((double)bytes / (double)progress->total_bytes))
                          : BAR_WIDTH;

    for (unsigned i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %s\033[K", bar, state);
}

void progress_show(struct progress *progress, unsigned n, gint64 bytes)
{
    gint64 now = g_get_monotonic_time();

    progress->bytes = MAX(progress->bytes, CLAMP(bytes, 0, progress->total_bytes));
    char *state = format_state(progress, n, progress->bytes, now);
    if (progress->is_terminal) {
        draw_bar(progress, progress->bytes, state);
        progress->is_shown = true;
    } else {
        fprintf(stderr, "skypefp-batch: %s\n", state);
    }
    g_free(state);
    progress->shown = now;
}

void progress_clear(struct progress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", stderr);
        progress->is_shown = false;
    }
}

void progress_end(struct progress *progress, unsigned n)
{
    double seconds = (double)(g_get_monotonic_time() - progress->started) / G_USEC_PER_SEC;

    progress_clear(progress);
    if (!progress->is_quiet) {
        fprintf(stderr, "skypefp-batch: %u of %u %s in %.1f s\n", n, progress->total,
                progress->total == 1 ? "capture" : "captures", seconds);
    }
}
