/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of the HTML page on one capture: what narrowly was not evidence. */
#ifndef REPORT_HTML_NEAR_MISSES_H
#define REPORT_HTML_NEAR_MISSES_H

#include "markup.h"

#include <json-glib/json-glib.h>

/* A table of the first 200; nothing when the report was made without them. */
void report_html_near_misses(xmlTextWriterPtr page, JsonObject *document);

#endif
