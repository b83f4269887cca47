/* SPDX-License-Identifier: GPL-2.0-or-later */
/* skypefp-batch merge: joins reports by the content of captures, and the evidence of their endpoints. */
#ifndef BATCH_MERGE_H
#define BATCH_MERGE_H

#include "options.h"

/* Returns the exit code. */
int merge_reports(const struct options *options);

#endif
