/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of a report, read for the parts of the HTML page. */
#ifndef REPORT_HTML_ROWS_H
#define REPORT_HTML_ROWS_H

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* "192.0.2.1:80" of an object with an address and a port, "?:0" of one without; g_free() it. */
char *report_html_end(JsonObject *end);

/* Numbers (guint) of the rows that are at least possible, strongest first, at most so many; g_array_unref() it. */
GArray *report_html_strongest(JsonArray *rows, guint limit);

#endif
