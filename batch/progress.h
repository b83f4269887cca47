/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a run is, on stderr: a bar on a terminal, a line now and then otherwise. */
#ifndef BATCH_PROGRESS_H
#define BATCH_PROGRESS_H

#include <glib.h>
#include <stdbool.h>

struct progress {
    bool is_quiet, is_terminal;
    unsigned total;
    gint64 started, shown;      /* monotonic microseconds */
};

void progress_start(struct progress *progress, unsigned total, bool is_quiet);

/* n captures are done. */
void progress_show(struct progress *progress, unsigned n);

/* Removes the bar; prints how long it took. */
void progress_end(struct progress *progress, unsigned n);

#endif
