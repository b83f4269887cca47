/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a report on who talked to whom: conversations and contacts. */
#ifndef REPORT_DOCUMENT_CONVERSATIONS_H
#define REPORT_DOCUMENT_CONVERSATIONS_H

#include "facts.h"

#include <json-glib/json-glib.h>

/* Adds "conversations": marked and possible ones, in the order of their first frames; when there are more than
 * REPORT_MAX_LISTED, the strongest. */
void report_add_conversations(JsonObject *document, const struct report_facts *facts);

/* Adds "contacts": the UDP conversations among those with what their data messages and keep-alives say, as many. */
void report_add_contacts(JsonObject *document, const struct report_facts *facts);

#endif
