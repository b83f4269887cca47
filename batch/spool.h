/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture that arrives on standard input. */
#ifndef BATCH_SPOOL_H
#define BATCH_SPOOL_H

#include "capture.h"

/* Copies standard input into a file in a folder, because it is read more than once, and makes that the capture's
 * path. Its name stays "-". When that fails, the capture is unreadable. */
void spool_stdin(struct capture *capture, const char *folder);

#endif
