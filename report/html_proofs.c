/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an endpoint is what it is: the sum of its evidence, and each proof with its octets. */
#include "html_proofs.h"

#include "capture_findings.h"
#include "html_octets.h"
#include "html_rows.h"
#include "verdict.h"

enum { MAX_SHOWN = 50 }; /* endpoints, and conversations with evidence of their own, on one page */

static const skypefp_rule *find_rule(const char *key, unsigned *index)
{
    for (*index = 0; *index < skypefp_n_rules(); ++*index) {
        if (g_strcmp0(skypefp_rule_at(*index)->key, key) == 0) {
            return skypefp_rule_at(*index);
        }
    }
    return NULL;
}

/* ---- one proof ---- */

static void put_proof(xmlTextWriterPtr page, JsonObject *proof)
{
    unsigned index;
    const skypefp_rule *rule = find_rule(report_string(proof, "rule"), &index);
    gint64 related = report_number(proof, "related_frame", 0);

    markup_open(page, "div", "class", "proof", NULL);
    markup_open(page, "p", NULL);
    markup_leaf(page, "strong", "%s", rule != NULL ? rule->sentence : "A rule that this version does not know.");
    markup_text(page, " Rule ");
    markup_leaf(page, "code", "%s", rule != NULL ? rule->key : "unknown");
    markup_text(page, ", %" G_GINT64_FORMAT " bits. ", report_number(proof, "bits", 0));
    if (rule != NULL) {
        markup_text(page, "Source: %s. Weight: %s%s%s.", rule->source, skypefp_basis_name(rule->basis),
                    rule->reason != NULL ? ", " : "", rule->reason != NULL ? rule->reason : "");
    }
    markup_close(page);
    markup_open(page, "p", NULL);
    const char *time = report_string(proof, "first_time");
    markup_text(page, "First shown in packet %" G_GINT64_FORMAT " at %s", report_number(proof, "first_frame", 0),
                time != NULL ? time : "an unknown time");
    if (related > 0) {
        markup_text(page, ", compared with packet %" G_GINT64_FORMAT, related);
    }
    markup_text(page, "; in %" G_GINT64_FORMAT " %s altogether.", report_number(proof, "packets", 0),
                report_number(proof, "packets", 0) == 1 ? "packet" : "packets");
    markup_close(page);
    report_html_octets(page, rule, proof);
    markup_close(page);
}

/* ---- sums ---- */

/* What each group gives, as verdict.c adds it up. */
static void sum_groups(JsonArray *evidence, int bits[SKYPEFP_N_GROUPS])
{
    GArray *tallies = g_array_new(FALSE, FALSE, sizeof(skypefp_tally));

    for (guint i = 0; i < json_array_get_length(evidence); i++) {
        JsonObject *proof = report_object_at(evidence, i);
        unsigned rule;
        if (proof != NULL && find_rule(report_string(proof, "rule"), &rule) != NULL) {
            skypefp_tally tally = {
                .best_bits = (uint8_t)CLAMP(report_number(proof, "bits", 0), 0, SKYPEFP_MAX_BITS),
                .total_bits = (uint16_t)CLAMP(report_number(proof, "total_bits", 0), 0, SKYPEFP_MAX_BITS),
                .rule = (uint8_t)rule,
            };
            g_array_append_val(tallies, tally);
        }
    }
    skypefp_group_bits((const skypefp_tally *)(const void *)tallies->data, tallies->len, bits);
    g_array_unref(tallies);
}

static void put_sum(xmlTextWriterPtr page, JsonObject *row, JsonArray *evidence)
{
    int bits[SKYPEFP_N_GROUPS];
    gint64 net = report_number(row, "bits", 0);
    int sum = SKYPEFP_PRIOR_BITS;

    sum_groups(evidence, bits);
    markup_open(page, "p", "class", "sum", NULL);
    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        if (bits[i] > 0) {
            markup_text(page, "%s%d (%s)", sum > SKYPEFP_PRIOR_BITS ? " + " : "", bits[i], skypefp_group_key(i));
            sum += bits[i];
        }
    }
    if (net > sum) {
        markup_text(page, " + %" G_GINT64_FORMAT " (%s)", net - sum,
                    report_boolean(row, "associated") ? "it answered an endpoint that is certain"
                                                      : "its host is proven");
    }
    markup_text(page, " \xe2\x88\x92 %d (before any evidence) = %" G_GINT64_FORMAT " bits: ", -SKYPEFP_PRIOR_BITS, net);
    markup_leaf(page, "strong", "%s", report_string(row, "verdict"));
    markup_close(page);
}

static void put_evidence(xmlTextWriterPtr page, JsonObject *row, JsonArray *evidence)
{
    put_sum(page, row, evidence);
    for (guint i = 0; i < json_array_get_length(evidence); i++) {
        JsonObject *proof = report_object_at(evidence, i);
        if (proof != NULL) {
            put_proof(page, proof);
        }
    }
}

static void put_endpoint(xmlTextWriterPtr page, JsonObject *row)
{
    char *name = report_html_end(row);
    const char *public_address = report_string(row, "public_address");
    JsonArray *evidence = report_array(row, "evidence");

    markup_leaf(page, "h4", "Endpoint %s", name);
    if (public_address != NULL) {
        markup_leaf(page, "p", "Others reach it at the public address %s.", public_address);
    }
    if (evidence != NULL) {
        put_evidence(page, row, evidence);
    }
    g_free(name);
}

static void put_own_evidence(xmlTextWriterPtr page, JsonObject *row, const char *side, const char *key)
{
    JsonArray *evidence = report_array(row, key);

    if (evidence != NULL) {
        char *source = report_html_end(report_object(row, "source")),
             *destination = report_html_end(report_object(row, "destination"));
        markup_leaf(page, "h4", "Conversation %s to %s, by what %s sent", source, destination, side);
        put_evidence(page, row, evidence);
        g_free(source);
        g_free(destination);
    }
}

void report_html_proofs(xmlTextWriterPtr page, JsonObject *document)
{
    JsonArray *endpoints = report_array(document, "endpoints"),
              *conversations = report_array(document, "conversations");
    GArray *order = report_html_strongest(endpoints, G_MAXUINT);
    guint n_left = order->len - MIN(order->len, MAX_SHOWN), n_shown = 0;

    markup_leaf(page, "h3", "The proofs");
    for (guint i = 0; i < MIN(order->len, MAX_SHOWN); i++) {
        put_endpoint(page, report_object_at(endpoints, g_array_index(order, guint, i)));
    }
    g_array_unref(order);
    order = report_html_strongest(conversations, G_MAXUINT);
    for (guint i = 0; i < order->len; i++) {
        JsonObject *row = report_object_at(conversations, g_array_index(order, guint, i));
        if (!report_has_own_evidence(row)) {
            continue;
        }
        if (n_shown++ >= MAX_SHOWN) {
            n_left++;
            continue;
        }
        put_own_evidence(page, row, "its initiator", "source_evidence");
        put_own_evidence(page, row, "its responder", "destination_evidence");
    }
    g_array_unref(order);
    if (n_left > 0) {
        markup_leaf(page, "p", "%u more are left out here; skypefp-batch --format jsonl has them.", n_left);
    }
}
