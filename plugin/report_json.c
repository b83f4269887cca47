/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the JSON document skypefp-report/1. Every text in it is ours or a number's: ASCII whatever the capture holds. */
#include "report_json.h"

#include "endpoint_rows.h"
#include "format.h"
#include "observe.h"
#include "preferences.h"
#include "report_values.h"
#include "skypefp_version.h"

enum { MAX_LISTED = 50000 };    /* endpoints, and conversations: whoever forges more shall not fill the memory of a reader */

static void put_address(json_dumper *json, const skypefp_address *address)
{
    char *host = skypefp_format_host(NULL, address);

    put_string(json, "address", host);
    put_number(json, "port", address->port);
    wmem_free(NULL, host);
}

static void put_endpoint_address(json_dumper *json, const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);

    put_address(json, &address);
}

static void put_versions(json_dumper *json)
{
    put_string(json, "schema", "skypefp-report/1");
    put_string(json, "plugin_version", SKYPEFP_VERSION);
    put_string(json, "wireshark_version", epan_get_version());
}

static void put_capture(json_dumper *json, const struct listening *listening)
{
    begin_object(json, "capture");
    put_number(json, "frames", listening->n_frames);
    put_time(json, "first_time", listening->n_frames > 0, &listening->first);
    put_time(json, "last_time", listening->n_frames > 0, &listening->last);
    json_dumper_end_object(json);
}

static void put_preferences(json_dumper *json)
{
    begin_object(json, "preferences");
    put_string(json, "threshold", skypefp_verdict_name((enum skypefp_verdict)skypefp_preferences.threshold));
    begin_array(json, "disabled_rules");
    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        if (!skypefp_preferences.groups[i]) {
            json_dumper_value_string(json, skypefp_group_key(i));
        }
    }
    json_dumper_end_array(json);
    put_number(json, "max_endpoints", skypefp_preferences.max_endpoints);
    put_number(json, "max_requests", skypefp_preferences.max_requests);
    put_number(json, "max_streams", skypefp_preferences.max_streams);
    put_number(json, "max_findings", skypefp_preferences.max_findings);
    json_dumper_end_object(json);
}

static void put_packets(json_dumper *json, const skypefp_summary *summary)
{
    begin_object(json, "packets");
    for (enum skypefp_verdict verdict = SKYPEFP_CERTAIN; verdict > SKYPEFP_NONE; verdict--) {
        put_number(json, skypefp_verdict_name(verdict), summary->packets[verdict]);
    }
    json_dumper_end_object(json);
}

static void put_rules(json_dumper *json, const skypefp_summary *summary)
{
    begin_array(json, "rules");
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (summary->rule_hits[i] > 0) {
            json_dumper_begin_object(json);
            put_string(json, "rule", skypefp_rule_at(i)->key);
            put_number(json, "packets", summary->rule_hits[i]);
            json_dumper_end_object(json);
        }
    }
    json_dumper_end_array(json);
}

/* What merging with another capture needs: the strongest hit, the sum of all hits, and the group that joins them. */
static void put_evidence(json_dumper *json, const skypefp_endpoint *endpoint)
{
    unsigned n;
    const skypefp_tally *tallies = skypefp_endpoint_tallies(endpoint, &n);

    begin_array(json, "evidence");
    for (unsigned i = 0; i < n; i++) {
        const skypefp_rule *rule = skypefp_rule_at(tallies[i].rule);
        json_dumper_begin_object(json);
        put_string(json, "rule", rule->key);
        put_string(json, "group", skypefp_group_key(rule->group));
        put_number(json, "bits", tallies[i].best_bits);
        put_number(json, "total_bits", tallies[i].total_bits);
        put_number(json, "packets", tallies[i].hits);
        put_frame(json, "first_frame", tallies[i].first_frame);
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
}

static void put_endpoint(json_dumper *json, const struct listening *listening, const skypefp_endpoint_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->endpoint);
    uint32_t public_ipv4 = skypefp_endpoint_public_ipv4(sums->endpoint);
    char *public_text = public_ipv4 != 0 ? skypefp_format_ipv4(NULL, public_ipv4) : NULL;

    json_dumper_begin_object(json);
    put_address(json, &address);
    put_string(json, "service",
               skypefp_service_name(skypefp_decide_service(skypefp_services_lookup(listening->services, &address), sums)));
    put_string(json, "verdict", skypefp_verdict_name(sums->verdict));
    put_number(json, "bits", sums->bits);
    put_boolean(json, "associated", sums->associated);
    put_frame(json, "proof_frame", sums->proof);
    put_frame(json, "first_frame", sums->first_frame);
    put_frame(json, "last_frame", sums->last_frame);
    put_number(json, "packets", sums->n_packets);
    put_number(json, "peers", sums->n_peers);
    put_string(json, "public_address", public_text);
    put_string(json, "one_way", skypefp_endpoint_one_way(sums->endpoint));
    put_evidence(json, sums->endpoint);
    json_dumper_end_object(json);
    wmem_free(NULL, public_text);
}

static void put_side(json_dumper *json, const char *key, const skypefp_address *address)
{
    begin_object(json, key);
    put_address(json, address);
    json_dumper_end_object(json);
}

static void put_conversation(json_dumper *json, const skypefp_conversation_summary *sums)
{
    json_dumper_begin_object(json);
    put_string(json, "transport", sums->transport == SKYPEFP_UDP ? "udp" : "tcp");
    put_side(json, "source", &sums->src);
    put_side(json, "destination", &sums->dst);
    put_string(json, "verdict", skypefp_verdict_name(sums->verdict));
    put_frame(json, "first_frame", sums->first_frame);
    put_frame(json, "last_frame", sums->last_frame);
    put_number(json, "packets", sums->n_marked);
    json_dumper_end_object(json);
}

static void put_endpoints(json_dumper *json, const struct listening *listening, const skypefp_summary *summary)
{
    begin_array(json, "endpoints");
    for (unsigned i = 0; i < MIN(summary->n_endpoints, MAX_LISTED); i++) {
        put_endpoint(json, listening, &summary->endpoints[i]);
    }
    json_dumper_end_array(json);
}

/* In the order of their first frames; when there are too many, the strongest. */
static void put_conversations(json_dumper *json, const skypefp_summary *summary)
{
    unsigned room[SKYPEFP_N_VERDICTS] = { 0 }, left = MAX_LISTED;

    for (unsigned i = 0; i < summary->n_conversations; i++) {
        room[summary->conversations[i].verdict]++;
    }
    for (int verdict = SKYPEFP_CERTAIN; verdict >= SKYPEFP_NONE; verdict--) {
        room[verdict] = MIN(room[verdict], left);
        left -= room[verdict];
    }
    begin_array(json, "conversations");
    for (unsigned i = 0; i < summary->n_conversations; i++) {
        unsigned *room_left = &room[summary->conversations[i].verdict];
        if (*room_left > 0) {
            --*room_left;
            put_conversation(json, &summary->conversations[i]);
        }
    }
    json_dumper_end_array(json);
}

/* Hosts with Skype software, and binary answers that wait for their facade in another capture. */
static void put_presence(json_dumper *json, const skypefp_tracker *tracker, const skypefp_summary *summary)
{
    unsigned n = 0;
    const skypefp_host *hosts = tracker != NULL ? skypefp_tracker_hosts(tracker, &n) : NULL;

    begin_array(json, "hosts");
    for (unsigned i = 0; i < n; i++) {
        skypefp_address address = { hosts[i].bytes, hosts[i].len, 0, 0 };
        char *text = skypefp_format_host(NULL, &address);
        json_dumper_begin_object(json);
        put_string(json, "address", text);
        put_string(json, "rule", skypefp_rule_at(hosts[i].rule)->key);
        put_frame(json, "frame", hosts[i].frame);
        json_dumper_end_object(json);
        wmem_free(NULL, text);
    }
    json_dumper_end_array(json);
    begin_array(json, "binary_answers");
    for (unsigned i = 0; i < summary->n_halves; i++) {
        json_dumper_begin_object(json);
        put_endpoint_address(json, summary->halves[i].endpoint);
        put_frame(json, "frame", summary->halves[i].frame);
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
}

static void put_dropped(json_dumper *json, const skypefp_tracker *tracker, const struct listening *listening,
                        const skypefp_summary *summary)
{
    skypefp_dropped dropped = tracker != NULL ? skypefp_tracker_dropped(tracker) : (skypefp_dropped){ 0 };

    begin_object(json, "dropped");
    put_number(json, "endpoints", (int64_t)dropped.endpoints);
    put_number(json, "requests", (int64_t)dropped.requests);
    put_number(json, "streams", (int64_t)dropped.streams);
    put_number(json, "findings", (int64_t)dropped.findings);
    put_number(json, "services", (int64_t)skypefp_services_dropped(listening->services));
    put_number(json, "unlisted_endpoints", summary->n_endpoints - MIN(summary->n_endpoints, MAX_LISTED));
    put_number(json, "unlisted_conversations", summary->n_conversations - MIN(summary->n_conversations, MAX_LISTED));
    json_dumper_end_object(json);
}

char *skypefp_make_report(const struct listening *listening)
{
    GString *text = g_string_new(NULL);
    const skypefp_tracker *tracker = skypefp_capture_tracker();
    skypefp_summary *summary = skypefp_summarize(tracker, (enum skypefp_verdict)skypefp_preferences.threshold);
    json_dumper json = { .output_string = text, .flags = JSON_DUMPER_FLAGS_PRETTY_PRINT };

    json_dumper_begin_object(&json);
    put_versions(&json);
    put_capture(&json, listening);
    put_preferences(&json);
    put_packets(&json, summary);
    put_rules(&json, summary);
    put_endpoints(&json, listening, summary);
    put_conversations(&json, summary);
    put_presence(&json, tracker, summary);
    put_dropped(&json, tracker, listening, summary);
    json_dumper_end_object(&json);
    json_dumper_finish(&json);
    skypefp_summary_free(summary);
    if (!g_str_has_suffix(text->str, "\n")) {
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}
