/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of the HTML page on one capture. */
#ifndef REPORT_HTML_CAPTURE_H
#define REPORT_HTML_CAPTURE_H

#include "markup.h"
#include "report_file.h"
#include "skypefp.h"

#include <json-glib/json-glib.h>

/* The answer in one sentence, and the strongest verdict; document: NULL if there is none. g_free() it. */
char *report_html_answer(JsonObject *document, const struct report_file *file, enum skypefp_verdict *verdict);

/* Everything on the capture, below its name. */
void report_html_capture(xmlTextWriterPtr page, JsonObject *document, const struct report_file *file,
                         const char *sentence, enum skypefp_verdict verdict);

#endif
