/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table as CSV and as a Zeek log. */
#include "flow_table.h"

#include "flow_columns.h"
#include "members.h"

#include <string.h>

/* ---- rows ---- */

typedef void field_writer(GString *table, const struct flow_column *column, const char *value);

static void add_row(GString *table, const struct flow *flow, const char *separator, const char *end,
                    field_writer *write_field)
{
    for (unsigned i = 0; i < report_n_flow_columns; i++) {
        char *value = report_flow_columns[i].value(flow);
        g_string_append(table, i > 0 ? separator : "");
        write_field(table, &report_flow_columns[i], value);
        g_free(value);
    }
    g_string_append(table, end);
}

/* The conversations of a report. */
static void add_rows(GString *table, JsonObject *document, const struct report_file *file, bool is_zeek,
                     field_writer *write_field)
{
    JsonArray *rows = report_array(document, "conversations");
    JsonObject *preferences = report_object(document, "preferences");
    struct flow flow = {
        .file = file,
        .is_zeek = is_zeek,
        .threshold = verdict_by_name(preferences != NULL ? report_string(preferences, "threshold") : NULL),
    };

    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        flow.row = report_object_at(rows, i);
        flow.source = flow.row != NULL ? report_object(flow.row, "source") : NULL;
        flow.destination = flow.row != NULL ? report_object(flow.row, "destination") : NULL;
        if (flow.source != NULL && flow.destination != NULL) {
            add_row(table, &flow, is_zeek ? "\t" : ",", is_zeek ? "\n" : "\r\n", write_field);
        }
    }
}

/* ---- CSV ---- */

/* Whether a spreadsheet may run a value as a formula: by what it begins with (OWASP, "CSV Injection"; the last four are
 * fullwidth forms). So that readers can take the apostrophe away again, a text that begins with one counts, too. */
static bool is_like_formula(const struct flow_column *column, const char *value)
{
    static const char *const starts[] = { "=",  "+", "-",      "@",      "\t",     "\r",
                                          "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20" };
    bool is_number = strcmp(column->type, "int") == 0 || strcmp(column->type, "interval") == 0, is_like = false;

    for (unsigned i = 0; value != NULL && !is_number && !is_like && i < G_N_ELEMENTS(starts); i++) {
        is_like = g_str_has_prefix(value, starts[i]);
    }
    return is_like;
}

/* In quotes if anything in it has a meaning of its own; a quote is doubled. What is like a formula follows an
 * apostrophe. */
static void write_csv_field(GString *table, const struct flow_column *column, const char *value)
{
    bool is_formula = is_like_formula(column, value);
    bool is_quoted = is_formula || (value != NULL && strpbrk(value, ",\"\r\n") != NULL);

    g_string_append(table, is_quoted ? "\"" : "");
    g_string_append(table, is_formula ? "'" : "");
    for (const char *c = value; c != NULL && *c != '\0'; c++) {
        g_string_append(table, *c == '"' ? "\"" : "");
        g_string_append_c(table, *c);
    }
    g_string_append(table, is_quoted ? "\"" : "");
}

void report_csv_header(GString *table)
{
    for (unsigned i = 0; i < report_n_flow_columns; i++) {
        g_string_append_printf(table, "%s%s", i > 0 ? "," : "", report_flow_columns[i].csv);
    }
    g_string_append(table, "\r\n");
}

void report_csv_rows(GString *table, JsonObject *document, const struct report_file *file)
{
    add_rows(table, document, file, false, write_csv_field);
}

/* ---- Zeek ---- */

/* With \xHH for what separates, escapes or controls; a text that would read as unset or empty is escaped as well. */
static void write_zeek_field(GString *table, const struct flow_column *column, const char *value)
{
    (void)column;
    if (value == NULL || *value == '\0') {
        g_string_append(table, value == NULL ? "-" : "(empty)");
        return;
    }
    bool is_special = strcmp(value, "-") == 0 || strcmp(value, "(empty)") == 0;
    for (const guchar *c = (const guchar *)value; *c != '\0'; c++) {
        if (is_special || *c < ' ' || *c == 0x7f || *c == '\\') {
            g_string_append_printf(table, "\\x%02x", *c);
        } else {
            g_string_append_c(table, (char)*c);
        }
    }
}

static void add_moment(GString *table, const char *name, GDateTime *now)
{
    char *text = g_date_time_format(now, "%Y-%m-%d-%H-%M-%S");

    g_string_append_printf(table, "#%s\t%s\n", name, text);
    g_free(text);
}

void report_zeek_header(GString *table, GDateTime *now)
{
    g_string_append(table,
                    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tskypefp\n");
    add_moment(table, "open", now);
    g_string_append(table, "#fields");
    for (unsigned i = 0; i < report_n_flow_columns; i++) {
        g_string_append_printf(table, "\t%s", report_flow_columns[i].zeek);
    }
    g_string_append(table, "\n#types");
    for (unsigned i = 0; i < report_n_flow_columns; i++) {
        g_string_append_printf(table, "\t%s", report_flow_columns[i].type);
    }
    g_string_append(table, "\n");
}

void report_zeek_rows(GString *table, JsonObject *document, const struct report_file *file)
{
    add_rows(table, document, file, true, write_zeek_field);
}

void report_zeek_footer(GString *table, GDateTime *now)
{
    add_moment(table, "close", now);
}
