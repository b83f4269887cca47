/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --watch: folders that others write captures into, ring buffers for example. Each file is examined once, when it is
 * finished. */
#ifndef BATCH_WATCH_H
#define BATCH_WATCH_H

#include "options.h"
#include "reporting.h"

struct watch;

struct watch *watch_new(const struct options *options);
void watch_free(struct watch *watch);

/* The captures that were finished since the last call, sorted by path: struct capture, freed with the array. A file
 * is finished when no process has it open for writing; where the system does not say (another user's file, some
 * network file systems), when it has not changed for 10 seconds. One that was written again later, under the same
 * name, is another capture. */
GPtrArray *watch_next(struct watch *watch, const struct reporting *reporting);

#endif
