/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extracts that are there already. */
#ifndef BATCH_EXTRACT_KNOWN_H
#define BATCH_EXTRACT_KNOWN_H

#include <stdbool.h>
#include <stdio.h>

/* Whether a file, not a link, lies in the folder of the extracts and says that skypefp-batch wrote it. Any capture can
 * say so; elsewhere it counts for nothing. False as well when it cannot be read. */
bool extract_is_one(const char *path, const char *folder);

/* Whether a regular file, not a link, is an extract of the capture with a hash, and from its first interface on holds
 * what another extract holds, whose position is lost. The names of their sources may differ. */
bool extract_is_same(const char *path, const char *sha256, FILE *extract);

#endif
