/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lanes in the drawing of activity over time. */
#ifndef REPORT_HTML_LANES_H
#define REPORT_HTML_LANES_H

#include "html_axis.h"

#include <json-glib/json-glib.h>

enum { LANE_HEIGHT = 26 };

/* A conversation of the document, from y down. */
void report_html_lane(xmlTextWriterPtr page, const struct axis *axis, JsonObject *document, JsonObject *conversation,
                      int y);

#endif
