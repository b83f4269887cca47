/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table for people: a line for each endpoint and conversation that was found, and for each capture that was not
 * read, then a summary. */
#include "output_table.h"

#include "capture_findings.h"

enum { MAX_FINDINGS = 8 }; /* of one capture */

struct counts {
    unsigned n, by_verdict[SKYPEFP_CERTAIN + 1], by_status[N_CAPTURE_STATUSES];
    unsigned n_clean; /* captures that were decided, with nothing found */
};

static void put_finding(const struct output *output, JsonObject *finding)
{
    enum skypefp_verdict verdict = verdict_by_name(report_string(finding, "verdict"));
    char *name = report_finding_name(finding), *rules = report_finding_rules(finding);

    fprintf(output->file, "  %s%-8s%s %4d bits  %-22s %s\n", style_begin(output->style, verdict),
            skypefp_verdict_name(verdict), style_end(output->style), (int)report_number(finding, "bits", 0), name,
            rules);
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
    if (n_shown < findings->len) {
        fprintf(output->file, "  ... and %u more (--all)\n", findings->len - n_shown);
    }
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
