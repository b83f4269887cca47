/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Examines one capture: hash, document, status. */
#ifndef BATCH_EXAMINE_H
#define BATCH_EXAMINE_H

#include "capture.h"
#include "engine.h"
#include "sharkd.h"

/* Fills in what a capture lacks, size and hash included. False when it was interrupted before the end. */
bool examine(struct capture *capture, struct engine *engine, struct sharkd *sharkd, double timeout_seconds);

/* Fills in size and hash, and the status when that cannot be done in time. */
enum capture_reading examine_hash(struct capture *capture, double timeout_seconds);

#endif
