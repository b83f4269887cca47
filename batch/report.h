/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents skypefp-report: reading them safely, and completing them with the file they came from. */
#ifndef BATCH_REPORT_H
#define BATCH_REPORT_H

#include "capture.h"
#include "document.h"
#include "members.h"

#define MERGE_SCHEMA "skypefp-merge/2"
#define FINDING_SCHEMA "skypefp-finding/1" /* lines of --follow */

/* Whether a document is a report on a capture, of a version that can be read: skypefp-report/1 (no times of
 * evidence) or 2. */
bool report_is_of_capture(JsonObject *document);

/* Whether a document is a line of --follow, which the document at the end of it covers. */
bool report_is_finding(JsonObject *document);

/* Whether a document is a merged one, of a version that can be read: skypefp-merge/1 or 2. */
bool report_is_merged(JsonObject *document);

/* The "file" object of a capture, and the capture that such an object describes (without its document; NULL: it
 * describes none). */
JsonObject *report_file_object(const struct capture *capture);
struct capture *report_capture_of(JsonObject *document);

/* The document with its file, on one line without its end; the caller frees it. */
char *report_line(const struct capture *capture);

#endif
