/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report on one capture, skypefp-report/2 (report-schema.json): what every other document is made from.
 *
 * Layer: above heuristics/, below plugin/ and batch/. It needs GLib and json-glib, knows nothing of Wireshark,
 * decides nothing and has no state: any thread may make a report of its own. */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "facts.h"

#include <json-glib/json-glib.h>

#define REPORT_SCHEMA "skypefp-report/2"

/* Makes the report. Every string in it is ASCII, whatever the capture holds, but for the names of interfaces, which
 * are UTF-8. The same facts give the same report. The caller owns the reference. */
JsonObject *report_make(const struct report_facts *facts);

/* A report as text of several lines that ends in a newline; g_free() it. */
char *report_document_text(JsonObject *document);

#endif
