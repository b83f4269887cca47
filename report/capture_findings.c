/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects what a report on a capture found. */
#include "capture_findings.h"

#include "text.h"

static const char *const arrays[] = { "endpoints", "conversations" };

static enum skypefp_verdict verdict_of(JsonObject *row)
{
    return verdict_by_name(report_string(row, "verdict"));
}

enum skypefp_verdict report_verdict(JsonObject *document)
{
    enum skypefp_verdict strongest = SKYPEFP_NONE;

    for (unsigned k = 0; document != NULL && k < G_N_ELEMENTS(arrays); k++) {
        JsonArray *rows = report_array(document, arrays[k]);
        for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
            JsonObject *row = report_object_at(rows, i);
            strongest = row != NULL ? MAX(strongest, verdict_of(row)) : strongest;
        }
    }
    return strongest;
}

bool report_has_own_evidence(JsonObject *conversation)
{
    return report_array(conversation, "source_evidence") != NULL ||
           report_array(conversation, "destination_evidence") != NULL;
}

bool report_is_conversation(JsonObject *finding)
{
    return report_object(finding, "source") != NULL;
}

static bool has_address(JsonObject *end)
{
    return end != NULL && report_string(end, "address") != NULL;
}

static bool is_named(JsonObject *row)
{
    return report_is_conversation(row)
               ? has_address(report_object(row, "source")) && has_address(report_object(row, "destination"))
               : has_address(row);
}

static char *end_text(JsonObject *end)
{
    return report_endpoint_text(report_string(end, "address"), report_number(end, "port", 0));
}

static gint compare(gconstpointer a, gconstpointer b)
{
    JsonObject *left = *(JsonObject *const *)a, *right = *(JsonObject *const *)b;
    int order = (int)verdict_of(right) - (int)verdict_of(left);
    int kinds = report_is_conversation(left) - report_is_conversation(right);
    gint64 left_bits = report_number(left, "bits", 0), right_bits = report_number(right, "bits", 0);

    return order != 0 ? order : kinds != 0 ? kinds : (left_bits < right_bits) - (left_bits > right_bits);
}

GPtrArray *report_findings(JsonObject *document)
{
    GPtrArray *findings = g_ptr_array_new();

    for (unsigned k = 0; document != NULL && k < G_N_ELEMENTS(arrays); k++) {
        JsonArray *rows = report_array(document, arrays[k]);
        for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
            JsonObject *row = report_object_at(rows, i);
            if (row != NULL && verdict_of(row) != SKYPEFP_NONE && is_named(row) &&
                (!report_is_conversation(row) || report_has_own_evidence(row))) {
                g_ptr_array_add(findings, row);
            }
        }
    }
    g_ptr_array_sort(findings, compare); /* which is stable */
    return findings;
}

char *report_finding_name(JsonObject *finding)
{
    if (!report_is_conversation(finding)) {
        return end_text(finding);
    }
    char *source = end_text(report_object(finding, "source"));
    char *destination = end_text(report_object(finding, "destination"));
    char *name = g_strdup_printf("%s > %s", source, destination);

    g_free(destination);
    g_free(source);
    return name;
}

char *report_finding_rules(JsonObject *finding)
{
    static const char *const keys[] = { "evidence", "source_evidence", "destination_evidence" };
    GString *rules = g_string_new(NULL);

    for (unsigned k = 0; k < G_N_ELEMENTS(keys); k++) {
        JsonArray *evidence = report_array(finding, keys[k]);
        for (guint i = 0; evidence != NULL && i < json_array_get_length(evidence); i++) {
            JsonObject *entry = report_object_at(evidence, i);
            const char *rule = entry != NULL ? report_string(entry, "rule") : NULL;
            g_string_append_printf(rules, "%s%s", rules->len > 0 ? " " : "", rule != NULL ? rule : "?");
        }
    }
    if (report_boolean(finding, "associated")) {
        g_string_append_printf(rules, "%sendpoint.peer", rules->len > 0 ? " " : "");
    }
    return g_string_free(rules, FALSE);
}
