/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --resume: what an earlier report covers, by content. */
#ifndef BATCH_RESUME_H
#define BATCH_RESUME_H

#include "options.h"

/* An output that is the resumed report, under whatever name: both then have the name of the file itself, so that the
 * new report replaces that and not a link to it, and what a killed run leaves is beside it. */
void resume_follow_links(struct options *options);

/* sha256 -> struct capture with document, of the report of --resume, and of one that a killed run left beside it.
 * Empty without the option. NULL, and a line on stderr, when a report is there and cannot be read or kept. */
GHashTable *resume_read(const struct options *options, struct engine *engine);

/* Whether an output replaces the report that is resumed. */
bool resume_is_replaced_by(const struct options *options, const struct output *output);

#endif
