/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an endpoint is what it is: the sum of its evidence, and each proof with its octets. */
#include "html_proofs.h"

#include "capture_findings.h"
#include "html_rows.h"
#include "keystream.h"
#include "verdict.h"

#include <string.h>

enum { MAX_SHOWN = 50 }; /* endpoints, and conversations with evidence of their own, on one page */

/* The octets of a proof. */
struct octets {
    guint8 octets[SKYPEFP_PROOF_OCTETS];
    guint n;
    guint begin, end; /* which prove it */
    gint64 offset;
};

static const skypefp_rule *find_rule(const char *key, unsigned *index)
{
    for (*index = 0; *index < skypefp_n_rules(); ++*index) {
        if (g_strcmp0(skypefp_rule_at(*index)->key, key) == 0) {
            return skypefp_rule_at(*index);
        }
    }
    return NULL;
}

static bool read_octets(JsonObject *proof, struct octets *octets)
{
    JsonObject *object = report_object(proof, "octets");
    const char *hex = object != NULL ? report_string(object, "hex") : NULL;

    *octets = (struct octets){ .n = 0 };
    for (; hex != NULL && g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]) && octets->n < SKYPEFP_PROOF_OCTETS;
         hex += 2) {
        octets->octets[octets->n++] = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
    }
    if (octets->n > 0) {
        gint64 length = report_number(object, "proving", 0);
        octets->offset = report_number(object, "offset", 0);
        octets->begin = (guint)CLAMP(report_number(object, "proving_from", 0), 0, octets->n);
        octets->end = length > 0 ? (guint)MIN(octets->begin + MIN(length, G_MAXUINT16), octets->n) : octets->n;
    }
    return octets->n > 0;
}

/* ---- octets ---- */

static void put_hex(xmlTextWriterPtr page, const guint8 *octets, guint n, guint begin, guint end)
{
    markup_open(page, "code", NULL);
    for (guint i = 0; i < n; i++) {
        if (i == begin && end > begin) {
            markup_open(page, "mark", NULL);
        }
        markup_text(page, "%02x", octets[i]);
        if (i + 1 == end && end > begin) {
            markup_close(page);
        }
        markup_string(page, (i + 1) % 16 == 0 ? "\n" : " ");
    }
    markup_close(page);
}

/* The same as text, when it is one: an answer of a fake HTTP server, for example. */
static void put_readable(xmlTextWriterPtr page, const struct octets *octets)
{
    GString *text = g_string_new(NULL);
    guint n_readable = 0;

    for (guint i = 0; i < octets->n; i++) {
        bool is_readable =
            g_ascii_isprint((char)octets->octets[i]) || octets->octets[i] == '\r' || octets->octets[i] == '\n';
        n_readable += is_readable;
        g_string_append_c(text, g_ascii_isprint((char)octets->octets[i]) ? (char)octets->octets[i] : '.');
    }
    if (n_readable == octets->n) {
        markup_open(page, "p", "class", "note", NULL);
        markup_text(page, "As text: %s", text->str);
        markup_close(page);
    }
    g_string_free(text, TRUE);
}

static const skypefp_part *find_part(const skypefp_rule *rule, enum skypefp_part_kind kind)
{
    for (unsigned i = 0; i < rule->n_parts; i++) {
        if (rule->parts[i].kind == kind) {
            return &rule->parts[i];
        }
    }
    return NULL;
}

static void put_line(xmlTextWriterPtr page, const char *name, const guint8 *octets, guint marked_from)
{
    markup_open(page, "tr", NULL);
    markup_leaf(page, "th", "%s", name);
    markup_open(page, "td", NULL);
    put_hex(page, octets, SKYPEFP_CANCELLED_LEN, marked_from, SKYPEFP_CANCELLED_LEN);
    markup_close(page);
    markup_close(page);
}

/* Two parts under one keystream, and what is left when it cancels. */
static void put_cancelled(xmlTextWriterPtr page, const skypefp_rule *rule, const struct octets *octets)
{
    enum { PADDING_AT = 2 };
    const skypefp_part *one = find_part(rule, SKYPEFP_PART_ONE), *two = find_part(rule, SKYPEFP_PART_TWO);
    guint8 plaintext[SKYPEFP_CANCELLED_LEN];

    if (one == NULL || two == NULL ||
        octets->begin + MAX(one->offset, two->offset) + SKYPEFP_CANCELLED_LEN > octets->n) {
        return;
    }
    const guint8 *first = octets->octets + octets->begin + one->offset,
                 *second = octets->octets + octets->begin + two->offset;
    skypefp_keystream_cancel(first, second, plaintext);
    markup_open(page, "table", "class", "xor", NULL);
    put_line(page, "First part, as sent", first, SKYPEFP_CANCELLED_LEN);
    put_line(page, "Second part, as sent", second, SKYPEFP_CANCELLED_LEN);
    put_line(page, "Exclusive or of both and of the known beginning", plaintext, PADDING_AT);
    markup_close(page);
    markup_open(page, "p", "class", "note", NULL);
    markup_string(page, "Both parts were encrypted with one keystream, which cancels. What is left is padding: each "
                        "marked byte follows "
                        "from the one before it (times 0xCD, plus 0x71).");
    markup_close(page);
}

/* ---- one proof ---- */

static void put_proof(xmlTextWriterPtr page, JsonObject *proof)
{
    unsigned index;
    const skypefp_rule *rule = find_rule(report_string(proof, "rule"), &index);
    gint64 related = report_number(proof, "related_frame", 0);
    struct octets octets;

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
    if (read_octets(proof, &octets)) {
        markup_open(page, "p", "class", "note", NULL);
        markup_text(page,
                    "The bytes that prove it are marked; the first one shown is byte %" G_GINT64_FORMAT
                    " of what was sent:",
                    octets.offset);
        markup_close(page);
        markup_open(page, "pre", NULL);
        put_hex(page, octets.octets, octets.n, octets.begin, octets.end);
        markup_close(page);
        put_readable(page, &octets);
        if (rule != NULL) {
            put_cancelled(page, rule, &octets);
        }
    } else {
        markup_leaf(page, "p", "Its bytes are not in this report: see the packet in the capture.");
    }
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
