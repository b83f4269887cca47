/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what the installed tshark tells about its dissectors, because asking it costs two starts of tshark.
 *
 * A file in the user's cache folder for each installed Wireshark, which its programs' path, size and time tell: asking for a version
 * would be another start. It is read only when it is the user's own and its checksum holds; it is written beside and renamed, so that
 * runs at the same time do not disturb each other. A folder that cannot be written is no error: the next run asks again. An entry
 * that went stale (somebody's plugin came) leaves dissectors switched on that need not be: slower, and no less right. */
#ifndef BATCH_LEAN_CACHE_H
#define BATCH_LEAN_CACHE_H

#include "engine.h"

/* Names an installed Wireshark and the folder of plugins that the user named; to be freed. */
char *lean_cache_key(const struct engine *engine);

/* What was kept under the key, to be freed; NULL: nothing, or nothing that can be trusted. */
char *lean_cache_read(const char *key);
void lean_cache_write(const char *key, const char *names);

#endif
