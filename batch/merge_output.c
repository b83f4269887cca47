/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes merged reports as skypefp-merge/2 and as a table. */
#include "merge_output.h"

#include "capture_findings.h"
#include "plain_text.h"
#include "report.h"
#include "text.h"

const struct output_format output_format_json = { "json", OUTPUT_OF_MERGE, NULL, NULL };

static JsonArray *make_evidence(const struct merged_endpoint *endpoint, GPtrArray *keys)
{
    JsonArray *evidence = json_array_new();

    for (guint i = 0; i < endpoint->tallies->len; i++) {
        const struct merged_tally *merged = &g_array_index(endpoint->tallies, struct merged_tally, i);
        const skypefp_rule *rule = skypefp_rule_at(merged->tally.rule);
        JsonObject *entry = json_object_new();
        json_object_set_string_member(entry, "rule", rule->key);
        json_object_set_string_member(entry, "group", skypefp_group_key(rule->group));
        json_object_set_int_member(entry, "bits", merged->tally.best_bits);
        json_object_set_int_member(entry, "total_bits", merged->tally.total_bits);
        json_object_set_int_member(entry, "packets", merged->tally.hits);
        json_object_set_int_member(entry, "captures", merged->n_captures);
        json_object_set_string_member(entry, "first_capture", g_ptr_array_index(keys, merged->capture));
        json_object_set_int_member(entry, "first_frame", merged->tally.first_frame);
        json_array_add_object_element(evidence, entry);
    }
    return evidence;
}

static JsonObject *make_endpoint(const struct merged_endpoint *endpoint, GPtrArray *keys)
{
    JsonObject *object = json_object_new();
    JsonArray *captures = json_array_new();

    for (guint i = 0; i < endpoint->captures->len; i++) {
        guint index = g_array_index(endpoint->captures, guint, i);
        if (i == 0 || index != g_array_index(endpoint->captures, guint, i - 1)) {
            json_array_add_string_element(captures, g_ptr_array_index(keys, index));
        }
    }
    json_object_set_string_member(object, "address", endpoint->address);
    json_object_set_int_member(object, "port", endpoint->port);
    report_set_string(object, "only_in", endpoint->scope);
    json_object_set_string_member(object, "service", skypefp_service_name(endpoint->service));
    json_object_set_string_member(object, "verdict", skypefp_verdict_name(endpoint->standing.verdict));
    json_object_set_int_member(object, "bits", endpoint->standing.bits);
    json_object_set_boolean_member(object, "associated", endpoint->standing.associated);
    if (endpoint->span.is_known) {
        report_set_time(object, "first_evidence_time", endpoint->span.first_us);
        report_set_time(object, "last_evidence_time", endpoint->span.last_us);
    }
    json_object_set_array_member(object, "captures", captures);
    json_object_set_array_member(object, "evidence", make_evidence(endpoint, keys));
    return object;
}

static JsonObject *make_view(const struct session_view *view, GPtrArray *keys)
{
    static const char *const names[] = { "a", "b" };
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "capture", g_ptr_array_index(keys, view->capture));
    report_set_time(object, "first_time", view->span.first_us);
    report_set_time(object, "last_time", view->span.last_us);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        JsonObject *end = json_object_new();
        json_object_set_string_member(end, "address", view->ends[i].address);
        json_object_set_int_member(end, "port", view->ends[i].port);
        json_object_set_object_member(object, names[i], end);
    }
    return object;
}

static JsonArray *make_sessions(GArray *sessions, GPtrArray *keys)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < sessions->len; i++) {
        const struct merged_session *session = &g_array_index(sessions, struct merged_session, i);
        JsonObject *object = json_object_new();
        JsonArray *views = json_array_new();
        json_object_set_string_member(object, "a", session->views[0].ends[0].public_address);
        json_object_set_string_member(object, "b", session->views[0].ends[1].public_address);
        json_object_set_boolean_member(object, "same_ports", session->has_same_ports);
        for (unsigned k = 0; k < G_N_ELEMENTS(session->views); k++) {
            json_array_add_object_element(views, make_view(&session->views[k], keys));
        }
        json_object_set_array_member(object, "views", views);
        json_array_add_object_element(array, object);
    }
    return array;
}

void merge_print_json(FILE *file, const struct merged *merged)
{
    JsonObject *document = json_object_new();
    JsonArray *captures = json_array_new(), *endpoints = json_array_new();

    for (guint i = 0; i < merged->endpoints->len; i++) {
        json_array_add_object_element(endpoints, make_endpoint(g_ptr_array_index(merged->endpoints, i), merged->keys));
    }
    for (guint i = 0; i < merged->records->len; i++) {
        json_array_add_object_element(captures, json_object_ref(g_ptr_array_index(merged->records, i)));
    }
    json_object_set_string_member(document, "schema", MERGE_SCHEMA);
    json_object_set_boolean_member(document, "same_network", merged->same_network);
    json_object_set_array_member(document, "endpoints", endpoints);
    json_object_set_array_member(document, "sessions", make_sessions(merged->sessions, merged->keys));
    json_object_set_array_member(document, "captures", captures);
    char *text = report_print(document, true);
    fprintf(file, "%s\n", text);
    g_free(text);
    json_object_unref(document);
}

static void put_endpoint(FILE *file, const struct merged_endpoint *endpoint, GPtrArray *records, struct style style)
{
    guint first = endpoint->captures->len > 0 ? g_array_index(endpoint->captures, guint, 0) : 0;
    JsonObject *where = report_object(g_ptr_array_index(records, first), "file");
    char *capture = skypefp_escape_name(report_string(where, "name"), NULL);
    char *name = report_endpoint_text(endpoint->address, endpoint->port);

    fprintf(file, "%s%-8s%s %4d bits  %-22s", style_begin(style, endpoint->standing.verdict),
            skypefp_verdict_name(endpoint->standing.verdict), style_end(style), endpoint->standing.bits, name);
    for (guint i = 0; i < endpoint->tallies->len; i++) {
        fprintf(file, " %s", skypefp_rule_at(g_array_index(endpoint->tallies, struct merged_tally, i).tally.rule)->key);
    }
    if (endpoint->standing.associated) {
        fprintf(file, " endpoint.peer");
    }
    fprintf(file, "%s%s%s\n", endpoint->scope != NULL ? "  (" : "", endpoint->scope != NULL ? capture : "",
            endpoint->scope != NULL ? ")" : "");
    g_free(capture);
    g_free(name);
}

static void put_conversation(FILE *file, const struct merged_conversation *conversation, GPtrArray *records,
                             struct style style)
{
    JsonObject *where = report_object(g_ptr_array_index(records, conversation->capture), "file");
    char *capture = skypefp_escape_name(report_string(where, "name"), NULL);
    char *name = report_finding_name(conversation->row), *rules = report_finding_rules(conversation->row);

    fprintf(file, "%s%-8s%s %4d bits  %-22s %s  (%s)\n", style_begin(style, conversation->verdict),
            skypefp_verdict_name(conversation->verdict), style_end(style),
            (int)report_number(conversation->row, "bits", 0), name, rules, capture);
    g_free(rules);
    g_free(name);
    g_free(capture);
}

/* What a session looks like at either end. */
static void put_session(FILE *file, const struct merged_session *session, GPtrArray *records)
{
    const char *label = "session";

    for (unsigned i = 0; i < G_N_ELEMENTS(session->views); i++, label = "  as") {
        const struct session_view *view = &session->views[i];
        JsonObject *where = report_object(g_ptr_array_index(records, view->capture), "file");
        char *name = skypefp_escape_name(report_string(where, "name"), NULL);
        char *a = report_endpoint_text(view->ends[0].address, view->ends[0].port);
        char *b = report_endpoint_text(view->ends[1].address, view->ends[1].port);
        char *time = report_us_text(view->span.first_us);
        fprintf(file, "%-8s %s - %s  from %s  (%s)\n", label, a, b, time, name);
        g_free(time);
        g_free(b);
        g_free(a);
        g_free(name);
    }
}

static void put_counts(FILE *file, const char *label, const unsigned counts[SKYPEFP_CERTAIN + 1])
{
    fprintf(file, "; %s: %u certain, %u likely, %u possible", label, counts[SKYPEFP_CERTAIN], counts[SKYPEFP_LIKELY],
            counts[SKYPEFP_POSSIBLE]);
}

static void put_endpoints(FILE *file, const struct merged *merged, struct style style,
                          unsigned counts[SKYPEFP_CERTAIN + 1])
{
    for (guint i = 0; i < merged->endpoints->len; i++) {
        const struct merged_endpoint *endpoint = g_ptr_array_index(merged->endpoints, i);
        counts[endpoint->standing.verdict]++;
        if (endpoint->standing.verdict != SKYPEFP_NONE) {
            put_endpoint(file, endpoint, merged->records, style);
        }
    }
}

static void put_conversations(FILE *file, const struct merged *merged, struct style style,
                              unsigned counts[SKYPEFP_CERTAIN + 1])
{
    for (guint i = 0; i < merged->conversations->len; i++) {
        const struct merged_conversation *conversation =
            &g_array_index(merged->conversations, struct merged_conversation, i);
        counts[conversation->verdict]++;
        put_conversation(file, conversation, merged->records, style);
    }
}

void merge_print_table(FILE *file, const struct merged *merged, struct style style)
{
    unsigned of_endpoints[SKYPEFP_CERTAIN + 1] = { 0 }, of_conversations[SKYPEFP_CERTAIN + 1] = { 0 };

    put_endpoints(file, merged, style, of_endpoints);
    put_conversations(file, merged, style, of_conversations);
    for (guint i = 0; i < merged->sessions->len; i++) {
        put_session(file, &g_array_index(merged->sessions, struct merged_session, i), merged->records);
    }
    fprintf(file, "%u %s", merged->records->len, merged->records->len == 1 ? "capture" : "captures");
    put_counts(file, "endpoints", of_endpoints);
    if (merged->conversations->len > 0) {
        put_counts(file, "conversations", of_conversations);
    }
    fprintf(file, "\n");
}
