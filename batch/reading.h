/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a file has been read, by this process or Wireshark's programs: the system knows. */
#ifndef BATCH_READING_H
#define BATCH_READING_H

#include <glib.h>
#include <stdbool.h>

/* The furthest position, in bytes, at which a child of this process has a file open, or this process itself if it
 * reads captures on its own; 0 if none has, or the system does not say. */
gint64 reading_position(const char *path, bool reads_itself);

#endif
