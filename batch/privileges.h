/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Root's children run without root's rights: as "nobody", with the one capability to read any file.
 *
 * Started as root, Wireshark ignores the data folder that it is given and reads its own files (names of cards,
 * services) again for each capture, which takes twelve times as long; and hostile captures are better dissected by a
 * process that may not write anywhere. */
#ifndef BATCH_PRIVILEGES_H
#define BATCH_PRIVILEGES_H

#include <glib.h>
#include <stdbool.h>

/* Whether children can be run so: this process is root, and may change its user and read any file. Otherwise they
 * run as it does. Call it once before threads start. */
bool privileges_init(void);

/* What root's Wireshark ignores stays ignored: plugins of the user and of WIRESHARK_PLUGIN_DIR. home: an empty
 * folder. Takes and returns the environment. */
char **privileges_environment(char **environment, const char *home);

/* Gives up root's rights in a child between fork and exec; nothing unless privileges_init() said so. */
void privileges_drop(void);

#endif
