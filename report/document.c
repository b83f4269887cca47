/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the report on one capture. */
#include "document.h"

#include "document_conversations.h"
#include "document_endpoints.h"
#include "document_near_misses.h"
#include "members.h"
#include "skypefp_version.h"
#include "text.h"

#include <string.h>

static void add_versions(JsonObject *document, const struct report_facts *facts)
{
    json_object_set_string_member(document, "schema", REPORT_SCHEMA);
    json_object_set_string_member(document, "plugin_version", SKYPEFP_VERSION);
    report_set_string(document, "wireshark_version", facts->wireshark_version);
    json_object_set_string_member(document, "engine", facts->engine);
}

static void add_capture(JsonObject *document, const struct report_facts *facts)
{
    JsonObject *capture = json_object_new();
    bool has_frames = facts->n_frames > 0;

    json_object_set_int_member(capture, "frames", facts->n_frames);
    report_take_string(capture, "first_time",
                       has_frames ? report_time_text(facts->first.seconds, facts->first.nanoseconds) : NULL);
    report_take_string(capture, "last_time",
                       has_frames ? report_time_text(facts->last.seconds, facts->last.nanoseconds) : NULL);
    json_object_set_int_member(capture, "cut_frames", facts->n_cut);
    json_object_set_array_member(capture, "interfaces",
                                 facts->interfaces != NULL ? report_interfaces_rows(facts->interfaces)
                                                           : json_array_new());
    json_object_set_object_member(document, "capture", capture);
}

static void add_preferences(JsonObject *document, const struct report_facts *facts)
{
    JsonObject *preferences = json_object_new();
    JsonArray *disabled = json_array_new();

    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        if ((facts->config->disabled_groups & 1u << i) != 0) {
            json_array_add_string_element(disabled, skypefp_group_key(i));
        }
    }
    json_object_set_string_member(preferences, "threshold", skypefp_verdict_name(facts->threshold));
    json_object_set_array_member(preferences, "disabled_rules", disabled);
    json_object_set_int_member(preferences, "max_endpoints", facts->config->max_endpoints);
    json_object_set_int_member(preferences, "max_requests", facts->config->max_requests);
    json_object_set_int_member(preferences, "max_streams", facts->config->max_streams);
    json_object_set_int_member(preferences, "max_findings", facts->config->max_findings);
    json_object_set_object_member(document, "preferences", preferences);
}

static void add_packets(JsonObject *document, const skypefp_summary *summary)
{
    JsonObject *packets = json_object_new();

    for (enum skypefp_verdict verdict = SKYPEFP_CERTAIN; verdict > SKYPEFP_NONE; verdict--) {
        json_object_set_int_member(packets, skypefp_verdict_name(verdict), summary->packets[verdict]);
    }
    json_object_set_object_member(document, "packets", packets);
}

static void add_rules(JsonObject *document, const skypefp_summary *summary)
{
    JsonArray *rules = json_array_new();

    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (summary->rule_hits[i] > 0) {
            JsonObject *row = json_object_new();
            json_object_set_string_member(row, "rule", skypefp_rule_at(i)->key);
            json_object_set_int_member(row, "packets", summary->rule_hits[i]);
            json_array_add_object_element(rules, row);
        }
    }
    json_object_set_array_member(document, "rules", rules);
}

static int64_t count_unlisted(unsigned n)
{
    return n - MIN(n, REPORT_MAX_LISTED);
}

static void add_dropped(JsonObject *document, const struct report_facts *facts)
{
    const skypefp_summary *summary = facts->summary;
    skypefp_dropped counts = facts->tracker != NULL ? skypefp_tracker_dropped(facts->tracker) : (skypefp_dropped){ 0 };
    uint64_t services = facts->services != NULL ? skypefp_services_dropped(facts->services) : 0;
    JsonObject *dropped = json_object_new();

    json_object_set_int_member(dropped, "endpoints", (int64_t)counts.endpoints);
    json_object_set_int_member(dropped, "requests", (int64_t)counts.requests);
    json_object_set_int_member(dropped, "streams", (int64_t)counts.streams);
    json_object_set_int_member(dropped, "findings", (int64_t)counts.findings);
    json_object_set_int_member(dropped, "services", (int64_t)services);
    json_object_set_int_member(dropped, "unlisted_endpoints", count_unlisted(summary->n_endpoints));
    json_object_set_int_member(dropped, "unlisted_hosts", count_unlisted(summary->n_hosts));
    json_object_set_int_member(dropped, "unlisted_conversations", count_unlisted(summary->n_conversations));
    json_object_set_object_member(document, "dropped", dropped);
}

JsonObject *report_make(const struct report_facts *facts)
{
    JsonObject *document = json_object_new();

    add_versions(document, facts);
    add_capture(document, facts);
    add_preferences(document, facts);
    add_packets(document, facts->summary);
    add_rules(document, facts->summary);
    report_add_endpoints(document, facts);
    report_add_hosts(document, facts);
    report_add_conversations(document, facts);
    report_add_contacts(document, facts);
    report_add_presence(document, facts);
    if (facts->config->near_misses) {
        report_add_near_misses(document, facts);
    }
    add_dropped(document, facts);
    return document;
}

char *report_document_text(JsonObject *document)
{
    char *text = report_print(document, true);
    size_t len = strlen(text);

    text = g_realloc(text, len + 2); /* it may be large: no copy */
    text[len] = '\n';
    text[len + 1] = '\0';
    return text;
}
