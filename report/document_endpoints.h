/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a report on who was there: endpoints, hosts, software and binary answers. */
#ifndef REPORT_DOCUMENT_ENDPOINTS_H
#define REPORT_DOCUMENT_ENDPOINTS_H

#include "facts.h"

#include <json-glib/json-glib.h>

/* Adds "endpoints" and "hosts", each with at most REPORT_MAX_LISTED rows. */
void report_add_endpoints(JsonObject *document, const struct report_facts *facts);
void report_add_hosts(JsonObject *document, const struct report_facts *facts);

/* Adds "software" (hosts with Skype's software) and "binary_answers" (whose facade may be in another capture). */
void report_add_presence(JsonObject *document, const struct report_facts *facts);

/* A new array of what rules found on an endpoint: what merging needs, and the proof of each. */
JsonArray *report_make_evidence(const skypefp_endpoint *endpoint);

/* Sets "address" and "port", and "scope" where there is one. */
void report_set_address(JsonObject *object, const skypefp_address *address);

#endif
