/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of the HTML page on one capture: who was in contact with whom. */
#ifndef REPORT_HTML_CONTACTS_H
#define REPORT_HTML_CONTACTS_H

#include "markup.h"

#include <json-glib/json-glib.h>

/* A drawing of up to 40 hosts, and a table of the 200 strongest conversations. */
void report_html_contacts(xmlTextWriterPtr page, JsonObject *document);

#endif
