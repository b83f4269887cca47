/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of the HTML page on one capture: the octets of one proof. */
#ifndef REPORT_HTML_OCTETS_H
#define REPORT_HTML_OCTETS_H

#include "markup.h"
#include "skypefp.h"

#include <json-glib/json-glib.h>

/* The octets of a proof with those that prove it marked, or that the report does not have them. rule: NULL, when this
 * version does not know it. */
void report_html_octets(xmlTextWriterPtr page, const skypefp_rule *rule, JsonObject *proof);

#endif
