/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: the document of each capture. */
#ifndef BATCH_OUTPUT_JSONL_H
#define BATCH_OUTPUT_JSONL_H

#include "output.h"

extern const struct output_format output_format_jsonl;

#endif
