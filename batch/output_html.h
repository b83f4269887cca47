/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The HTML page. */
#ifndef BATCH_OUTPUT_HTML_H
#define BATCH_OUTPUT_HTML_H

#include "output.h"

extern const struct output_format output_format_html;

#endif
