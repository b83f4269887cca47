/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the flow table, and their values. */
#include "flow_columns.h"

#include "members.h"

static char *number_text(JsonObject *object, const char *key)
{
    gint64 number = object != NULL ? report_number(object, key, -1) : -1;

    return number >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
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

    if (!report_read_time(flow->row, key, &time_us)) {
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
    const char *origin = flow->file->sha256 != NULL ? flow->file->sha256 : flow->file->name;
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
    bool is_known =
        report_read_time(flow->row, "first_time", &first) && report_read_time(flow->row, "last_time", &last);

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
    return g_strdup(flow->file->name);
}

static char *sha256(const struct flow *flow)
{
    return g_strdup(flow->file->sha256);
}

const struct flow_column report_flow_columns[] = {
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
const unsigned report_n_flow_columns = G_N_ELEMENTS(report_flow_columns);
