/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the list of the installed tshark's dissectors, because asking for it costs two starts of tshark.
 *
 * There is a file in the user's cache folder for each installed Wireshark, identified by its programs' path, size
 * and time; asking for the version would be another start. The file is read only if the user owns it and its
 * checksum is right. It is replaced by a rename, so runs at the same time do not disturb each other. If the folder
 * cannot be written, the next run asks again. A stale entry (a plugin was installed) leaves more dissectors on than
 * necessary: slower, with the same results. */
#ifndef BATCH_LEAN_CACHE_H
#define BATCH_LEAN_CACHE_H

#include "engine.h"

/* Names an installed Wireshark and the folder of plugins that the user named; to be freed. */
char *lean_cache_key(const struct engine *engine);

/* What was kept under the key, to be freed; NULL: nothing, or nothing that can be trusted. */
char *lean_cache_read(const char *key);
void lean_cache_write(const char *key, const char *names);

#endif
