/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table: a row for each marked or possible conversation, as CSV (RFC 4180) and as a Zeek log.
 *
 * Rows are made from a report's JSON (skypefp-report/2), so that every engine gives the same ones. Both tables have
 * the same columns; what the report does not know is empty in CSV and "-" in Zeek. In CSV, a text that a spreadsheet
 * may run as a formula follows an apostrophe; numbers never do. */
#ifndef REPORT_FLOW_TABLE_H
#define REPORT_FLOW_TABLE_H

#include "report_file.h"

#include <json-glib/json-glib.h>

/* Append the header, and the rows of one report. Lines of CSV end in CR LF, those of the log in LF. */
void report_csv_header(GString *table);
void report_csv_rows(GString *table, JsonObject *document, const struct report_file *file);

/* The same for Zeek; the header and the last line state when the log was opened and closed. */
void report_zeek_header(GString *table, GDateTime *now);
void report_zeek_rows(GString *table, JsonObject *document, const struct report_file *file);
void report_zeek_footer(GString *table, GDateTime *now);

#endif
