/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far Wireshark's programs have read a file: only the system knows. */
#ifndef BATCH_READING_H
#define BATCH_READING_H

#include <glib.h>

/* The furthest position, in bytes, at which a child of this process has a file open; 0 when none has, or the system does not say. */
gint64 reading_position(const char *path);

#endif
