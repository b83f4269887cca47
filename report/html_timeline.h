/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of the HTML page on one capture: its conversations over time. */
#ifndef REPORT_HTML_TIMELINE_H
#define REPORT_HTML_TIMELINE_H

#include "markup.h"

#include <json-glib/json-glib.h>

/* A drawing: an overview of all, and a lane for each of the strongest. Nothing without times. */
void report_html_timeline(xmlTextWriterPtr page, JsonObject *document);

#endif
