/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a report: endpoints, conversations, hosts and binary answers. */
#ifndef REPORT_DOCUMENT_ROWS_H
#define REPORT_DOCUMENT_ROWS_H

#include "facts.h"

#include <json-glib/json-glib.h>

/* Adds the arrays "endpoints" and "conversations", each with at most REPORT_MAX_LISTED rows. */
void report_add_endpoints(JsonObject *document, const struct report_facts *facts);
void report_add_conversations(JsonObject *document, const struct report_facts *facts);

/* Adds the arrays "hosts" (with Skype software) and "binary_answers" (whose facade may be in another capture). */
void report_add_presence(JsonObject *document, const struct report_facts *facts);

#endif
