/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether options make sense together. */
#ifndef BATCH_OPTIONS_CHECK_H
#define BATCH_OPTIONS_CHECK_H

#include "options.h"

/* False, and a line on stderr, when a command cannot run with them. */
bool options_check(const struct options *options, enum command command);

#endif
