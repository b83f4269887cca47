/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for people who decide on it, a court for example: one HTML page, complete in itself, for one capture or
 * many.
 *
 * It is made from the JSON of skypefp-report/2. The page has no scripts and asks for no other file; it prints to A4. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report_file.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>

struct report_html;

struct report_html *report_html_new(void);
void report_html_free(struct report_html *html);

/* Adds a capture; document: its report, NULL if it has none. Everything is copied. */
void report_html_add(struct report_html *html, JsonObject *document, const struct report_file *file);

/* The page, g_free() it. command_line: what made it, or NULL; now: when. is_complete: no capture is missing. Once. */
char *report_html_finish(struct report_html *html, const char *command_line, GDateTime *now, bool is_complete);

#endif
