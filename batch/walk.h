/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From names on the command line and in a list to captures. */
#ifndef BATCH_WALK_H
#define BATCH_WALK_H

#include "options.h"

/* All captures, sorted by path, none twice: struct capture, freed with the array. Folders that could not be read
 * appear as unreadable captures. NULL and *reason, to be freed, when the list cannot be read. */
GPtrArray *walk_inputs(const struct options *options, char **reason);

#endif
