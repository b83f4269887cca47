/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines on stderr, for people: "skypefp-batch: ...". */
#ifndef BATCH_COMPLAINT_H
#define BATCH_COMPLAINT_H

#include <glib.h>

/* Prints a line. Characters that a terminal would obey are replaced by blanks, so any text may be in it. */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
