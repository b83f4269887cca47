/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table for people: a line for each endpoint that was found and each capture that was not read, then a summary. */
#include "output_table.h"

#include "report.h"

enum { MAX_ENDPOINTS = 8 }; /* of one capture */

struct counts {
    unsigned n, by_verdict[SKYPEFP_CERTAIN + 1], by_status[N_CAPTURE_STATUSES];
};

static char *join_rules(JsonObject *endpoint)
{
    JsonArray *evidence = report_array(endpoint, "evidence");
    GString *rules = g_string_new(NULL);

    for (guint i = 0; evidence != NULL && i < json_array_get_length(evidence); i++) {
        JsonObject *entry = report_object_at(evidence, i);
        const char *rule = entry != NULL ? report_string(entry, "rule") : NULL;
        g_string_append_printf(rules, "%s%s", i > 0 ? " " : "", rule != NULL ? rule : "?");
    }
    if (report_boolean(endpoint, "associated")) {
        g_string_append_printf(rules, "%sendpoint.peer", rules->len > 0 ? " " : "");
    }
    return g_string_free(rules, FALSE);
}

/* False if the endpoint is not worth showing. */
static bool put_endpoint(const struct output *output, JsonObject *endpoint)
{
    const char *verdict = endpoint != NULL ? report_string(endpoint, "verdict") : NULL;
    const char *address = endpoint != NULL ? report_string(endpoint, "address") : NULL;

    if (verdict_by_name(verdict) == SKYPEFP_NONE || address == NULL) {
        return false;
    }
    char *rules = join_rules(endpoint);
    char *name = g_strdup_printf(strchr(address, ':') != NULL ? "[%s]:%d" : "%s:%d", address,
                                 (int)report_number(endpoint, "port", 0));
    fprintf(output->file, "  %s%-8s%s %4d bits  %-22s %s\n", style_begin(output->style, verdict_by_name(verdict)),
            verdict, style_end(output->style), (int)report_number(endpoint, "bits", 0), name, rules);
    g_free(name);
    g_free(rules);
    return true;
}

static void put_endpoints(const struct output *output, JsonArray *endpoints)
{
    unsigned n_shown = 0, n_left = 0;

    for (guint i = 0; endpoints != NULL && i < json_array_get_length(endpoints); i++) {
        JsonObject *endpoint = report_object_at(endpoints, i);
        if (n_shown < MAX_ENDPOINTS || output->style.shows_all) {
            n_shown += put_endpoint(output, endpoint);
        } else {
            n_left += endpoint != NULL && verdict_by_name(report_string(endpoint, "verdict")) != SKYPEFP_NONE;
        }
    }
    if (n_left > 0) {
        fprintf(output->file, "  ... and %u more (--all)\n", n_left);
    }
}

static void add(struct output *output, const struct capture *capture)
{
    enum skypefp_verdict verdict = document_verdict(capture->document);

    if (output->state == NULL) {
        output->state = g_new0(struct counts, 1);
    }
    struct counts *counts = output->state;
    counts->n++;
    counts->by_verdict[verdict]++;
    counts->by_status[capture->status]++;
    if (verdict != SKYPEFP_NONE || capture->status != CAPTURE_OK) {
        fprintf(output->file, "%s\n", capture->name);
    }
    if (capture->status != CAPTURE_OK) {
        fprintf(output->file, "  %s: %s\n", capture_status_name(capture->status),
                capture->message != NULL ? capture->message : "no reason given");
    }
    if (verdict != SKYPEFP_NONE) {
        put_endpoints(output, report_array(capture->document, "endpoints"));
    }
}

static void end(struct output *output, bool is_complete)
{
    static const struct counts none;
    const struct counts *counts = output->state != NULL ? output->state : &none;
    unsigned n_clean =
        counts->by_verdict[SKYPEFP_NONE] - counts->by_status[CAPTURE_UNREADABLE] - counts->by_status[CAPTURE_TIMEOUT];

    fprintf(output->file, "%u %s: %u certain, %u likely, %u possible, %u without findings", counts->n,
            counts->n == 1 ? "capture" : "captures", counts->by_verdict[SKYPEFP_CERTAIN],
            counts->by_verdict[SKYPEFP_LIKELY], counts->by_verdict[SKYPEFP_POSSIBLE], n_clean);
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
