/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a report. */
#include "document_rows.h"

#include "members.h"
#include "text.h"

static void set_address(JsonObject *object, const skypefp_address *address)
{
    report_take_string(object, "address", report_host_text(address));
    json_object_set_int_member(object, "port", address->port);
}

static void set_endpoint_address(JsonObject *object, const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);

    set_address(object, &address);
}

/* What merging with another capture needs: the strongest hit, the sum of all hits, and the group that joins them. */
static JsonArray *make_evidence(const skypefp_endpoint *endpoint)
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
        json_array_add_object_element(evidence, row);
    }
    return evidence;
}

static enum skypefp_service find_service(const struct report_facts *facts, const skypefp_address *address,
                                         enum skypefp_verdict verdict)
{
    enum skypefp_service announced = facts->services != NULL ? skypefp_services_lookup(facts->services, address)
                                                             : SKYPEFP_SERVICE_UNKNOWN;

    return skypefp_service_of(announced, verdict, facts->threshold);
}

static JsonObject *make_endpoint(const struct report_facts *facts, const skypefp_endpoint_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->endpoint);
    uint32_t public_ipv4 = skypefp_endpoint_public_ipv4(sums->endpoint);
    JsonObject *row = json_object_new();

    set_address(row, &address);
    json_object_set_string_member(row, "service", skypefp_service_name(find_service(facts, &address, sums->verdict)));
    json_object_set_string_member(row, "verdict", skypefp_verdict_name(sums->verdict));
    json_object_set_int_member(row, "bits", sums->bits);
    json_object_set_boolean_member(row, "associated", sums->associated);
    report_set_frame(row, "proof_frame", sums->proof);
    report_set_frame(row, "first_frame", sums->first_frame);
    report_set_frame(row, "last_frame", sums->last_frame);
    json_object_set_int_member(row, "packets", sums->n_packets);
    json_object_set_int_member(row, "peers", sums->n_peers);
    report_take_string(row, "public_address", public_ipv4 != 0 ? report_ipv4_text(public_ipv4) : NULL);
    report_set_string(row, "one_way", skypefp_endpoint_one_way(sums->endpoint));
    json_object_set_array_member(row, "evidence", make_evidence(sums->endpoint));
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

static JsonObject *make_side(const skypefp_address *address)
{
    JsonObject *side = json_object_new();

    set_address(side, address);
    return side;
}

static JsonObject *make_conversation(const skypefp_conversation_summary *sums)
{
    JsonObject *row = json_object_new();

    json_object_set_string_member(row, "transport", sums->transport == SKYPEFP_UDP ? "udp" : "tcp");
    json_object_set_object_member(row, "source", make_side(&sums->src));
    json_object_set_object_member(row, "destination", make_side(&sums->dst));
    json_object_set_string_member(row, "verdict", skypefp_verdict_name(sums->verdict));
    report_set_frame(row, "first_frame", sums->first_frame);
    report_set_frame(row, "last_frame", sums->last_frame);
    json_object_set_int_member(row, "packets", sums->n_marked);
    return row;
}

/* In the order of their first frames; when there are too many, the strongest. */
void report_add_conversations(JsonObject *document, const struct report_facts *facts)
{
    const skypefp_summary *summary = facts->summary;
    unsigned room[SKYPEFP_N_VERDICTS] = { 0 }, left = REPORT_MAX_LISTED;
    JsonArray *rows = json_array_new();

    for (unsigned i = 0; i < summary->n_conversations; i++) {
        room[summary->conversations[i].verdict]++;
    }
    for (int verdict = SKYPEFP_CERTAIN; verdict >= SKYPEFP_NONE; verdict--) {
        room[verdict] = MIN(room[verdict], left);
        left -= room[verdict];
    }
    for (unsigned i = 0; i < summary->n_conversations; i++) {
        unsigned *room_left = &room[summary->conversations[i].verdict];
        if (*room_left > 0) {
            --*room_left;
            json_array_add_object_element(rows, make_conversation(&summary->conversations[i]));
        }
    }
    json_object_set_array_member(document, "conversations", rows);
}

static JsonArray *make_hosts(const skypefp_tracker *tracker)
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
        json_array_add_object_element(answers, row);
    }
    json_object_set_array_member(document, "hosts", make_hosts(facts->tracker));
    json_object_set_array_member(document, "binary_answers", answers);
}
