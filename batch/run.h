/* SPDX-License-Identifier: GPL-2.0-or-later */
/* skypefp-batch FILE|FOLDER...: reads captures with several workers and reports them in order. */
#ifndef BATCH_RUN_H
#define BATCH_RUN_H

#include "options.h"

/* Returns the exit code. */
int run_batch(const struct options *options);

#endif
