/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table for people: a line for each client, endpoint and conversation that was found, and for each capture that was
 * not read, then a summary. */
#include "output_table.h"

#include "capture_findings.h"

enum { MAX_FINDINGS = 8 }; /* of one capture */

struct counts {
    unsigned n, by_verdict[SKYPEFP_CERTAIN + 1], by_status[N_CAPTURE_STATUSES];
    unsigned n_clean; /* captures that were decided, with nothing found */
};

static void put_row(const struct output *output, JsonObject *row, const char *name, const char *words)
{
    enum skypefp_verdict verdict = verdict_by_name(report_string(row, "verdict"));

    fprintf(output->file, "  %s%-8s%s %4d bits  %-22s %s\n", style_begin(output->style, verdict),
            skypefp_verdict_name(verdict), style_end(output->style), (int)report_number(row, "bits", 0), name, words);
}

/* "Skype client, listens on 13021, 83 conversations" */
static char *describe_client(JsonObject *host, gint64 n_conversations)
{
    JsonArray *ports = report_array(host, "ports");
    GString *text = g_string_new("Skype client");

    for (guint i = 0; ports != NULL && i < json_array_get_length(ports); i++) {
        g_string_append_printf(text, i == 0 ? ", listens on %" G_GINT64_FORMAT : " and %" G_GINT64_FORMAT,
                               json_array_get_int_element(ports, i));
    }
    g_string_append_printf(text, ", %" G_GINT64_FORMAT " %s", n_conversations,
                           n_conversations == 1 ? "conversation" : "conversations");
    return g_string_free(text, FALSE);
}

static void put_rest(const struct output *output, unsigned n, const char *what)
{
    if (n > 0) {
        fprintf(output->file, "  ... and %u more %s (--all)\n", n, what);
    }
}

/* Hosts that began conversations of Skype, which stand for these. */
static void put_clients(const struct output *output, JsonObject *document)
{
    JsonArray *hosts = document != NULL ? report_array(document, "hosts") : NULL;
    unsigned n_shown = 0, n_left = 0;

    for (guint i = 0; hosts != NULL && i < json_array_get_length(hosts); i++) {
        JsonObject *host = report_object_at(hosts, i);
        const char *address = host != NULL ? report_string(host, "address") : NULL;
        gint64 n_conversations = host != NULL ? report_number(host, "conversations_begun", 0) : 0;
        if (address == NULL || n_conversations <= 0) {
            continue;
        }
        if (!output->style.shows_all && n_shown == MAX_FINDINGS) {
            n_left++;
        } else {
            char *words = describe_client(host, n_conversations);
            put_row(output, host, address, words);
            g_free(words);
            n_shown++;
        }
    }
    put_rest(output, n_left, "clients");
}

static void put_finding(const struct output *output, JsonObject *finding)
{
    char *name = report_finding_name(finding), *rules = report_finding_rules(finding);

    put_row(output, finding, name, rules);
    g_free(rules);
    g_free(name);
}

static void put_findings(const struct output *output, JsonObject *document)
{
    GPtrArray *findings = report_findings(document);
    guint n_shown = output->style.shows_all ? findings->len : MIN(findings->len, MAX_FINDINGS);

    for (guint i = 0; i < n_shown; i++) {
        put_finding(output, g_ptr_array_index(findings, i));
    }
    put_rest(output, findings->len - n_shown, "endpoints and conversations");
    g_ptr_array_unref(findings);
}

static void add(struct output *output, const struct capture *capture)
{
    enum skypefp_verdict verdict = report_verdict(capture->document);

    if (output->state == NULL) {
        output->state = g_new0(struct counts, 1);
    }
    struct counts *counts = output->state;
    counts->n++;
    counts->by_verdict[verdict]++;
    counts->n_clean += capture->document != NULL && verdict == SKYPEFP_NONE;
    counts->by_status[capture->status]++;
    if (verdict != SKYPEFP_NONE || capture->status != CAPTURE_OK) {
        fprintf(output->file, "%s\n", capture->name);
    }
    if (capture->status != CAPTURE_OK) {
        fprintf(output->file, "  %s: %s\n", capture_status_name(capture->status),
                capture->message != NULL ? capture->message : "no reason given");
    }
    put_clients(output, capture->document);
    put_findings(output, capture->document);
}

static void end(struct output *output, bool is_complete)
{
    static const struct counts none;
    const struct counts *counts = output->state != NULL ? output->state : &none;

    fprintf(output->file, "%u %s: %u certain, %u likely, %u possible, %u without findings", counts->n,
            counts->n == 1 ? "capture" : "captures", counts->by_verdict[SKYPEFP_CERTAIN],
            counts->by_verdict[SKYPEFP_LIKELY], counts->by_verdict[SKYPEFP_POSSIBLE], counts->n_clean);
    for (int status = CAPTURE_TRUNCATED; status < CAPTURE_SKIPPED; status++) {
        if (counts->by_status[status] > 0) {
            fprintf(output->file, "; %u %s", counts->by_status[status],
                    capture_status_name((enum capture_status)status));
        }
    }
    fprintf(output->file, "%s\n", is_complete ? "" : "; interrupted, captures are missing");
    g_clear_pointer(&output->state, g_free);
}

const struct output_format output_format_table = { "table", OUTPUT_OF_RUN | OUTPUT_OF_MERGE, add, end };
