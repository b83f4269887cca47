/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table as CSV and as a Zeek log. */
#include "flow_table.h"

#include "members.h"

#include <string.h>

/* One conversation, for the columns to read. */
struct flow {
    JsonObject *row, *source, *destination;
    const struct report_origin *origin;
    enum skypefp_verdict threshold;
    bool is_zeek; /* times are seconds since the epoch, sets are separated by commas */
};

/* ---- values of the columns: texts to be freed, NULL for unknown ---- */

static char *number_text(JsonObject *object, const char *key)
{
    gint64 number = object != NULL ? report_number(object, key, -1) : -1;

    return number >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
}

/* Microseconds since the epoch; false: unknown. */
static bool read_time(JsonObject *row, const char *key, gint64 *time_us)
{
    const char *text = report_string(row, key);
    GDateTime *time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    if (time == NULL) {
        return false;
    }
    *time_us = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
    g_date_time_unref(time);
    return true;
}

/* A number of microseconds as seconds. */
static char *seconds_text(gint64 us)
{
    gint64 seconds = us / G_USEC_PER_SEC, fraction = us % G_USEC_PER_SEC;

    return g_strdup_printf("%s%" G_GINT64_FORMAT ".%06d", us < 0 ? "-" : "", ABS(seconds), (int)ABS(fraction));
}

static char *time_text(const struct flow *flow, const char *key)
{
    gint64 time_us;

    if (!read_time(flow->row, key, &time_us)) {
        return NULL;
    }
    return flow->is_zeek ? seconds_text(time_us) : g_strdup(report_string(flow->row, key));
}

static char *ts(const struct flow *flow)
{
    return time_text(flow, "first_time");
}

/* The same for the same conversation of the same capture, and unlike any other. */
static char *uid(const struct flow *flow)
{
    enum { SHOWN = 17 };
    const char *origin = flow->origin->sha256 != NULL ? flow->origin->sha256 : flow->origin->name;
    const char *id = report_string(flow->row, "community_id");
    char *text = g_strdup_printf("%s %s %" G_GINT64_FORMAT, origin, id, report_number(flow->row, "first_frame", 0));
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);
    char *result = g_strdup_printf("S%.*s", SHOWN, digest);

    g_free(digest);
    g_free(text);
    return result;
}

static char *community_id(const struct flow *flow)
{
    return g_strdup(report_string(flow->row, "community_id"));
}

static char *source(const struct flow *flow)
{
    return g_strdup(report_string(flow->source, "address"));
}

static char *source_port(const struct flow *flow)
{
    return number_text(flow->source, "port");
}

static char *destination(const struct flow *flow)
{
    return g_strdup(report_string(flow->destination, "address"));
}

static char *destination_port(const struct flow *flow)
{
    return number_text(flow->destination, "port");
}

static char *proto(const struct flow *flow)
{
    return g_strdup(report_string(flow->row, "transport"));
}

static char *duration(const struct flow *flow)
{
    gint64 first, last;
    bool is_known = read_time(flow->row, "first_time", &first) && read_time(flow->row, "last_time", &last);

    return is_known ? seconds_text(last - first) : NULL;
}

static char *source_packets(const struct flow *flow)
{
    return number_text(flow->source, "packets");
}

static char *destination_packets(const struct flow *flow)
{
    return number_text(flow->destination, "packets");
}

static char *source_octets(const struct flow *flow)
{
    return number_text(flow->source, "octets");
}

static char *destination_octets(const struct flow *flow)
{
    return number_text(flow->destination, "octets");
}

/* "skype" from the report's threshold on. */
static char *label(const struct flow *flow)
{
    return g_strdup(verdict_by_name(report_string(flow->row, "verdict")) >= flow->threshold ? "skype" : "unknown");
}

static char *verdict(const struct flow *flow)
{
    return g_strdup(report_string(flow->row, "verdict"));
}

static char *bits(const struct flow *flow)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, report_number(flow->row, "bits", 0));
}

static char *rules(const struct flow *flow)
{
    JsonArray *keys = report_array(flow->row, "rules");
    GString *text = g_string_new(NULL);

    for (guint i = 0; keys != NULL && i < json_array_get_length(keys); i++) {
        JsonNode *key = json_array_get_element(keys, i);
        const char *name = JSON_NODE_HOLDS_VALUE(key) ? json_node_get_string(key) : NULL;
        g_string_append_printf(text, "%s%s", i == 0 ? "" : flow->is_zeek ? "," : " ", name != NULL ? name : "");
    }
    return g_string_free(text, FALSE);
}

static char *proof_frame(const struct flow *flow)
{
    return number_text(flow->row, "proof_frame");
}

static char *proof_time(const struct flow *flow)
{
    return time_text(flow, "proof_time");
}

static char *marked(const struct flow *flow)
{
    return number_text(flow->row, "marked");
}

static char *first_frame(const struct flow *flow)
{
    return number_text(flow->row, "first_frame");
}

static char *last_frame(const struct flow *flow)
{
    return number_text(flow->row, "last_frame");
}

static char *target(const struct flow *flow)
{
    return g_strdup(report_string(flow->row, "target"));
}

static char *capture(const struct flow *flow)
{
    return g_strdup(flow->origin->name);
}

static char *sha256(const struct flow *flow)
{
    return g_strdup(flow->origin->sha256);
}

static const struct column {
    const char *csv, *zeek, *type;
    char *(*value)(const struct flow *flow);
} columns[] = {
    { "ts", "ts", "time", ts },
    { "uid", "uid", "string", uid },
    { "community_id", "community_id", "string", community_id },
    { "src", "id.orig_h", "addr", source },
    { "src_port", "id.orig_p", "port", source_port },
    { "dst", "id.resp_h", "addr", destination },
    { "dst_port", "id.resp_p", "port", destination_port },
    { "proto", "proto", "enum", proto },
    { "duration", "duration", "interval", duration },
    { "src_packets", "orig_pkts", "count", source_packets },
    { "dst_packets", "resp_pkts", "count", destination_packets },
    { "src_octets", "orig_bytes", "count", source_octets },
    { "dst_octets", "resp_bytes", "count", destination_octets },
    { "label", "label", "string", label },
    { "verdict", "verdict", "string", verdict },
    { "bits", "bits", "int", bits },
    { "rules", "rules", "set[string]", rules },
    { "proof_frame", "proof_frame", "count", proof_frame },
    { "proof_time", "proof_time", "time", proof_time },
    { "marked_packets", "marked_pkts", "count", marked },
    { "first_frame", "first_frame", "count", first_frame },
    { "last_frame", "last_frame", "count", last_frame },
    { "proxy_target", "proxy_target", "string", target },
    { "capture", "capture", "string", capture },
    { "sha256", "sha256", "string", sha256 },
};

/* ---- rows ---- */

typedef void field_writer(GString *table, const char *value);

static void add_row(GString *table, const struct flow *flow, const char *separator, const char *end,
                    field_writer *write_field)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++) {
        char *value = columns[i].value(flow);
        g_string_append(table, i > 0 ? separator : "");
        write_field(table, value);
        g_free(value);
    }
    g_string_append(table, end);
}

/* The conversations of a report. */
static void add_rows(GString *table, JsonObject *document, const struct report_origin *origin, bool is_zeek,
                     field_writer *write_field)
{
    JsonArray *rows = report_array(document, "conversations");
    JsonObject *preferences = report_object(document, "preferences");
    struct flow flow = {
        .origin = origin,
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

/* In quotes if anything in it has a meaning of its own; a quote is doubled. */
static void write_csv_field(GString *table, const char *value)
{
    bool is_quoted = value != NULL && strpbrk(value, ",\"\r\n") != NULL;

    g_string_append(table, is_quoted ? "\"" : "");
    for (const char *c = value; c != NULL && *c != '\0'; c++) {
        g_string_append(table, *c == '"' ? "\"" : "");
        g_string_append_c(table, *c);
    }
    g_string_append(table, is_quoted ? "\"" : "");
}

void report_csv_header(GString *table)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_string_append_printf(table, "%s%s", i > 0 ? "," : "", columns[i].csv);
    }
    g_string_append(table, "\r\n");
}

void report_csv_rows(GString *table, JsonObject *document, const struct report_origin *origin)
{
    add_rows(table, document, origin, false, write_csv_field);
}

/* ---- Zeek ---- */

/* With \xHH for what separates, escapes or controls; a text that would read as unset or empty is escaped as well. */
static void write_zeek_field(GString *table, const char *value)
{
    if (value == NULL || *value == '\0') {
        g_string_append(table, value == NULL ? "-" : "(empty)");
        return;
    }
    bool is_special = strcmp(value, "-") == 0;
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
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_string_append_printf(table, "\t%s", columns[i].zeek);
    }
    g_string_append(table, "\n#types");
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_string_append_printf(table, "\t%s", columns[i].type);
    }
    g_string_append(table, "\n");
}

void report_zeek_rows(GString *table, JsonObject *document, const struct report_origin *origin)
{
    add_rows(table, document, origin, true, write_zeek_field);
}

void report_zeek_footer(GString *table, GDateTime *now)
{
    add_moment(table, "close", now);
}
