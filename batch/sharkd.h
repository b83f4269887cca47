/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A long-lived sharkd that reads one capture after the other.
 *
 * Load, tap and status are requested together and distinguished by their ids: sharkd 4.0 does not answer the load of
 * a damaged capture but does answer the requests after it, and after a failed load it answers for the previous
 * capture. */
#ifndef BATCH_SHARKD_H
#define BATCH_SHARKD_H

#include "engine.h"

struct sharkd;

enum sharkd_outcome {
    SHARKD_READ,     /* the document is there; or the capture has no frames */
    SHARKD_REFUSED,  /* the file could not be opened as a capture; errors says why */
    SHARKD_CONFUSED, /* it ended or gave another answer: ask tshark */
    SHARKD_TIME_LIMIT,
    SHARKD_INTERRUPTED,
};

struct sharkd *sharkd_new(const struct engine *engine, unsigned worker);

/* Starts the process without waiting for it, if it does not run. False when it cannot be started. */
bool sharkd_start(struct sharkd *sharkd);

/* Whether it knows the plugin's table. */
bool sharkd_has_plugin(struct sharkd *sharkd);

void sharkd_free(struct sharkd *sharkd);

/* Reads a capture up to a deadline (monotonic microseconds). *document: NULL for a capture without frames. *errors:
 * what sharkd printed on stderr meanwhile, without noise; the caller frees both. *is_damaged: it could not be read
 * to its end. A process that is no longer usable is restarted. */
enum sharkd_outcome sharkd_read(struct sharkd *sharkd, const char *path, gint64 size, gint64 deadline, char **document,
                                char **errors, bool *is_damaged);

#endif
