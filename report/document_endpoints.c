/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a report on who was there. */
#include "document_endpoints.h"

#include "members.h"
#include "text.h"

void report_set_address(JsonObject *object, const skypefp_address *address)
{
    report_take_string(object, "address", report_host_text(address));
    json_object_set_int_member(object, "port", address->port);
    if (address->scope != 0) {
        json_object_set_int_member(object, "scope", address->scope);
    }
}

static void set_endpoint_address(JsonObject *object, const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);

    report_set_address(object, &address);
}

/* The octets of a proof; null when they are not kept. */
static void set_octets(JsonObject *row, const skypefp_proof *proof)
{
    if (proof->n == 0) {
        json_object_set_null_member(row, "octets");
        return;
    }
    JsonObject *octets = json_object_new();
    json_object_set_int_member(octets, "offset", proof->offset);
    report_take_string(octets, "hex", report_hex_text(proof->octets, proof->n));
    json_object_set_int_member(octets, "proving_from", proof->begin);
    json_object_set_int_member(octets, "proving", proof->length);
    json_object_set_object_member(row, "octets", octets);
}

JsonArray *report_make_evidence(const skypefp_endpoint *endpoint)
{
    unsigned n;
    const skypefp_tally *tallies = skypefp_endpoint_tallies(endpoint, &n);
    JsonArray *evidence = json_array_sized_new(n);

    for (unsigned i = 0; i < n; i++) {
        const skypefp_rule *rule = skypefp_rule_at(tallies[i].rule);
        JsonObject *row = json_object_new();
        json_object_set_string_member(row, "rule", rule->key);
        json_object_set_string_member(row, "group", skypefp_group_key(rule->group));
        json_object_set_int_member(row, "bits", tallies[i].best_bits);
        json_object_set_int_member(row, "total_bits", tallies[i].total_bits);
        json_object_set_int_member(row, "packets", tallies[i].hits);
        report_set_frame(row, "first_frame", tallies[i].first_frame);
        report_set_time(row, "first_time", tallies[i].proof->time_us);
        report_set_frame(row, "related_frame", tallies[i].proof->related_frame);
        set_octets(row, tallies[i].proof);
        json_array_add_object_element(evidence, row);
    }
    return evidence;
}

static enum skypefp_service find_service(const struct report_facts *facts, const skypefp_address *address,
                                         enum skypefp_verdict verdict)
{
    enum skypefp_service announced =
        facts->services != NULL ? skypefp_services_lookup(facts->services, address) : SKYPEFP_SERVICE_UNKNOWN;

    return skypefp_service_of(announced, verdict, facts->threshold);
}

static JsonObject *make_endpoint(const struct report_facts *facts, const skypefp_endpoint_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->endpoint);
    uint32_t public_ipv4 = skypefp_endpoint_public_ipv4(sums->endpoint);
    JsonObject *row = json_object_new();

    report_set_address(row, &address);
    json_object_set_string_member(row, "service", skypefp_service_name(find_service(facts, &address, sums->verdict)));
    json_object_set_string_member(row, "verdict", skypefp_verdict_name(sums->verdict));
    json_object_set_int_member(row, "bits", sums->bits);
    json_object_set_boolean_member(row, "associated", sums->associated);
    report_set_frame(row, "proof_frame", sums->proof);
    report_set_time(row, "proof_time", sums->proof_us);
    report_set_frame(row, "first_frame", sums->first_frame);
    report_set_frame(row, "last_frame", sums->last_frame);
    report_set_time(row, "first_evidence", sums->has_times ? sums->first_us : INT64_MIN);
    report_set_time(row, "last_evidence", sums->has_times ? sums->last_us : INT64_MIN);
    json_object_set_int_member(row, "packets", sums->n_packets);
    json_object_set_int_member(row, "octets", (int64_t)MIN(sums->n_octets, INT64_MAX));
    json_object_set_int_member(row, "peers", sums->n_peers);
    report_take_string(row, "public_address", public_ipv4 != 0 ? report_ipv4_text(public_ipv4) : NULL);
    report_set_string(row, "one_way", skypefp_endpoint_one_way(sums->endpoint));
    json_object_set_array_member(row, "evidence", report_make_evidence(sums->endpoint));
    return row;
}

void report_add_endpoints(JsonObject *document, const struct report_facts *facts)
{
    const skypefp_summary *summary = facts->summary;
    unsigned n = MIN(summary->n_endpoints, REPORT_MAX_LISTED);
    JsonArray *rows = json_array_sized_new(n);

    for (unsigned i = 0; i < n; i++) {
        json_array_add_object_element(rows, make_endpoint(facts, &summary->endpoints[i]));
    }
    json_object_set_array_member(document, "endpoints", rows);
}

static JsonObject *make_host(const skypefp_host_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->host);
    JsonObject *row = json_object_new();
    JsonArray *ports = json_array_new();

    for (unsigned i = 0; i < sums->n_ports; i++) {
        json_array_add_int_element(ports, sums->ports[i]);
    }
    report_take_string(row, "address", report_host_text(&address));
    json_object_set_string_member(row, "verdict", skypefp_verdict_name(sums->verdict));
    json_object_set_int_member(row, "bits", sums->bits);
    report_set_frame(row, "proof_frame", sums->proof);
    report_set_frame(row, "first_frame", sums->first_frame);
    report_set_frame(row, "last_frame", sums->last_frame);
    report_set_time(row, "first_evidence", sums->first_us);
    report_set_time(row, "last_evidence", sums->last_us);
    json_object_set_int_member(row, "packets", sums->n_packets);
    json_object_set_int_member(row, "octets", (int64_t)MIN(sums->n_octets, INT64_MAX));
    json_object_set_int_member(row, "peers", sums->n_peers);
    json_object_set_array_member(row, "ports", ports);
    json_object_set_int_member(row, "conversations_begun", sums->n_conversations);
    return row;
}

void report_add_hosts(JsonObject *document, const struct report_facts *facts)
{
    unsigned n = MIN(facts->summary->n_hosts, REPORT_MAX_LISTED);
    JsonArray *rows = json_array_sized_new(n);

    for (unsigned i = 0; i < n; i++) {
        json_array_add_object_element(rows, make_host(&facts->summary->hosts[i]));
    }
    json_object_set_array_member(document, "hosts", rows);
}

static JsonArray *make_software(const skypefp_tracker *tracker)
{
    unsigned n = 0;
    const skypefp_host *hosts = tracker != NULL ? skypefp_tracker_hosts(tracker, &n) : NULL;
    JsonArray *rows = json_array_sized_new(n);

    for (unsigned i = 0; i < n; i++) {
        skypefp_address address = { hosts[i].bytes, hosts[i].len, 0, 0 };
        JsonObject *row = json_object_new();
        report_take_string(row, "address", report_host_text(&address));
        json_object_set_string_member(row, "rule", skypefp_rule_at(hosts[i].rule)->key);
        report_set_frame(row, "frame", hosts[i].frame);
        json_array_add_object_element(rows, row);
    }
    return rows;
}

void report_add_presence(JsonObject *document, const struct report_facts *facts)
{
    JsonArray *answers = json_array_new();

    for (unsigned i = 0; i < facts->summary->n_halves; i++) {
        JsonObject *row = json_object_new();
        set_endpoint_address(row, facts->summary->halves[i].endpoint);
        report_set_frame(row, "frame", facts->summary->halves[i].frame);
        report_set_time(row, "time", facts->summary->halves[i].time_us);
        json_array_add_object_element(answers, row);
    }
    json_object_set_array_member(document, "software", make_software(facts->tracker));
    json_object_set_array_member(document, "binary_answers", answers);
}
