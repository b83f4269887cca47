/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats of reports, by name. */
#ifndef BATCH_OUTPUT_FORMATS_H
#define BATCH_OUTPUT_FORMATS_H

#include "output.h"

/* The format with a name; NULL: there is none. */
const struct output_format *output_format_by_name(const char *name);

/* The default of a command (OUTPUT_OF_RUN or OUTPUT_OF_MERGE). */
const struct output_format *output_format_default(unsigned command);

/* The names of a command's formats: "table, jsonl or junit"; to be freed. */
char *output_format_names(unsigned command);

#endif
