/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a run is, on stderr: a bar on a terminal, a line now and then otherwise. */
#ifndef BATCH_PROGRESS_H
#define BATCH_PROGRESS_H

#include <glib.h>
#include <stdbool.h>

struct progress {
    bool is_quiet, is_terminal;
    bool is_shown;         /* the bar, now */
    unsigned total;        /* captures */
    gint64 total_bytes;    /* of their files */
    gint64 bytes;          /* shown so far: a capture that is handed over is read again, and the bar waits */
    gint64 started, shown; /* monotonic microseconds */
};

void progress_start(struct progress *progress, unsigned total, gint64 total_bytes, bool is_quiet);

/* Whether it is time to show something. */
bool progress_is_due(const struct progress *progress);

/* n captures are done, and so many bytes of all. */
void progress_show(struct progress *progress, unsigned n, gint64 bytes);

/* Removes the bar, so that something else can be printed on the terminal; it comes back. */
void progress_clear(struct progress *progress);

/* Removes the bar; prints how long it took. */
void progress_end(struct progress *progress, unsigned n);

#endif
