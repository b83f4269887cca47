/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report on a capture found. This is the only definition of a capture's verdict: every output and every exit
 * code follows it. */
#ifndef REPORT_CAPTURE_FINDINGS_H
#define REPORT_CAPTURE_FINDINGS_H

#include "members.h"

/* A capture's verdict: the strongest of its endpoints and of its conversations. Evidence of a TCP initiator belongs to
 * its conversation and never to an endpoint, so a conversation can be all that was found. None without a document
 * (NULL). */
enum skypefp_verdict report_verdict(JsonObject *document);

/* Whether a conversation has evidence of its own, which is not an endpoint's. */
bool report_has_own_evidence(JsonObject *conversation);

/* The findings: endpoints with a verdict, and conversations with a verdict and evidence of their own. Each
 * names its addresses. By verdict, the strongest first; of one verdict endpoints first, then by bits. Borrowed
 * JsonObjects in a new array, empty without a document (NULL). */
GPtrArray *report_findings(JsonObject *document);

/* Whether a finding is a conversation; otherwise it is an endpoint. */
bool report_is_conversation(JsonObject *finding);

/* "192.0.2.1:80" for an endpoint, "192.0.2.1:4000 > 192.0.2.2:443" for a conversation; g_free() it. */
char *report_finding_name(JsonObject *finding);

/* The rules that prove a finding, separated by spaces: "udp.echo endpoint.peer"; g_free() it. */
char *report_finding_rules(JsonObject *finding);

#endif
