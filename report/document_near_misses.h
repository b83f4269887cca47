/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a report on what narrowly was not Skype. */
#ifndef REPORT_DOCUMENT_NEAR_MISSES_H
#define REPORT_DOCUMENT_NEAR_MISSES_H

#include "facts.h"

#include <json-glib/json-glib.h>

/* Adds "near_misses", the first REPORT_MAX_LISTED, and "unlisted_near_misses", the number of all others. */
void report_add_near_misses(JsonObject *document, const struct report_facts *facts);

#endif
