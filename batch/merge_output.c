/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes merged reports as skypefp-merge/1 and as a table. */
#include "merge_output.h"

#include "plain_text.h"
#include "report.h"

#include <string.h>

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
    json_object_set_array_member(object, "captures", captures);
    json_object_set_array_member(object, "evidence", make_evidence(endpoint, keys));
    return object;
}

void merge_print_json(FILE *file, GPtrArray *records, GPtrArray *keys, GPtrArray *endpoints, bool same_network)
{
    JsonObject *document = json_object_new();
    JsonArray *captures = json_array_new(), *merged = json_array_new();

    for (guint i = 0; i < endpoints->len; i++) {
        json_array_add_object_element(merged, make_endpoint(g_ptr_array_index(endpoints, i), keys));
    }
    for (guint i = 0; i < records->len; i++) {
        json_array_add_object_element(captures, json_object_ref(g_ptr_array_index(records, i)));
    }
    json_object_set_string_member(document, "schema", MERGE_SCHEMA);
    json_object_set_boolean_member(document, "same_network", same_network);
    json_object_set_array_member(document, "endpoints", merged);
    json_object_set_array_member(document, "captures", captures);
    char *text = report_print(document, true);
    fprintf(file, "%s\n", text);
    g_free(text);
    json_object_unref(document);
}

static void put_endpoint(FILE *file, const struct merged_endpoint *endpoint, GPtrArray *records)
{
    guint first = endpoint->captures->len > 0 ? g_array_index(endpoint->captures, guint, 0) : 0;
    JsonObject *where = report_object(g_ptr_array_index(records, first), "file");
    char *capture = skypefp_escape_name(report_string(where, "name"), NULL);
    char *name = g_strdup_printf(strchr(endpoint->address, ':') != NULL ? "[%s]:%d" : "%s:%d", endpoint->address, endpoint->port);

    fprintf(file, "%-8s %4d bits  %-22s", skypefp_verdict_name(endpoint->standing.verdict), endpoint->standing.bits, name);
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

void merge_print_table(FILE *file, GPtrArray *records, GPtrArray *endpoints)
{
    unsigned counts[SKYPEFP_CERTAIN + 1] = { 0 };

    for (guint i = 0; i < endpoints->len; i++) {
        const struct merged_endpoint *endpoint = g_ptr_array_index(endpoints, i);
        counts[endpoint->standing.verdict]++;
        if (endpoint->standing.verdict != SKYPEFP_NONE) {
            put_endpoint(file, endpoint, records);
        }
    }
    fprintf(file, "%u captures; endpoints: %u certain, %u likely, %u possible\n", records->len, counts[SKYPEFP_CERTAIN],
            counts[SKYPEFP_LIKELY], counts[SKYPEFP_POSSIBLE]);
}
