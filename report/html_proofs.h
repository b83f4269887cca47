/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of the HTML page on one capture: why an endpoint is what it is. */
#ifndef REPORT_HTML_PROOFS_H
#define REPORT_HTML_PROOFS_H

#include "markup.h"

#include <json-glib/json-glib.h>

/* The sum of each endpoint, and each proof with its octets. */
void report_html_proofs(xmlTextWriterPtr page, JsonObject *document);

#endif
