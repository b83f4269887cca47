/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture that arrives on standard input. */
#ifndef BATCH_SPOOL_H
#define BATCH_SPOOL_H

#include "capture.h"

/* Copies standard input into a file in a folder, because it is read more than once, and makes that the path of the
 * capture, of those given, that is on it. Its name stays "-". When that fails, the capture is unreadable. */
void spool_inputs(GPtrArray *captures, const char *folder);

#endif
