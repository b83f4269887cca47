/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean ...?" */
#ifndef BATCH_SUGGESTION_H
#define BATCH_SUGGESTION_H

#include <glib.h>

/* The one of n words that a mistyped word is closest to, at most two letters away (added, left out, replaced); NULL:
 * none. */
const char *suggestion_for(const char *word, const char *const words[], guint n);

#endif
