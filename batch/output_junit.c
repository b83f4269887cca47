/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JUnit: a test case for each capture. Findings are a failure, what could not be read is an error, and both are
 * both; because many readers show one of the two only, the failure mentions the error. */
#include "output_junit.h"

#include "capture_findings.h"

struct cases {
    GString *text;
    unsigned n, n_failures, n_errors;
    double seconds;
};

static void put_attribute(GString *text, const char *name, const char *value)
{
    char *escaped = g_markup_escape_text(value, -1);

    g_string_append_printf(text, " %s=\"%s\"", name, escaped);
    g_free(escaped);
}

/* Seconds with a decimal point, regardless of the locale. */
static char *print_seconds(double seconds)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    return g_strdup(g_ascii_formatd(text, sizeof text, "%.3f", seconds));
}

static void put_end(GString *text, JsonObject *end)
{
    char *part = g_markup_printf_escaped(" %s port %" G_GINT64_FORMAT, report_string(end, "address"),
                                         report_number(end, "port", 0));

    g_string_append(text, part);
    g_free(part);
}

/* "certain 35 bits 192.0.2.1 port 4000 (frame 7)"; for a conversation "192.0.2.1 port 4000 to 192.0.2.2 port 443". */
static void put_finding(GString *text, JsonObject *finding)
{
    g_string_append_printf(text, "%s %" G_GINT64_FORMAT " bits",
                           skypefp_verdict_name(verdict_by_name(report_string(finding, "verdict"))),
                           report_number(finding, "bits", 0));
    if (report_is_conversation(finding)) {
        put_end(text, report_object(finding, "source"));
        g_string_append(text, " to");
        put_end(text, report_object(finding, "destination"));
    } else {
        put_end(text, finding);
    }
    g_string_append_printf(text, " (frame %" G_GINT64_FORMAT ")\n", report_number(finding, "proof_frame", 0));
}

/* One line for each finding at or above the bar. */
static void put_findings(GString *text, JsonObject *document, int bar)
{
    GPtrArray *findings = report_findings(document);

    for (guint i = 0; i < findings->len; i++) {
        JsonObject *finding = g_ptr_array_index(findings, i);
        if ((int)verdict_by_name(report_string(finding, "verdict")) >= bar) {
            put_finding(text, finding);
        }
    }
    g_ptr_array_unref(findings);
}

static void put_failure(struct cases *cases, const struct capture *capture, enum skypefp_verdict verdict, int bar)
{
    cases->n_failures++;
    g_string_append(cases->text, "      <failure");
    put_attribute(cases->text, "type", skypefp_verdict_name(verdict));
    char *message =
        capture->status == CAPTURE_OK
            ? g_strdup("peer-to-peer Skype")
            : g_strdup_printf("peer-to-peer Skype; the capture is %s: %s", capture_status_name(capture->status),
                              capture->message != NULL ? capture->message : "no reason given");
    put_attribute(cases->text, "message", message);
    g_free(message);
    g_string_append(cases->text, ">");
    put_findings(cases->text, capture->document, bar);
    g_string_append(cases->text, "</failure>\n");
}

static void put_error(struct cases *cases, const struct capture *capture)
{
    cases->n_errors++;
    g_string_append(cases->text, "      <error");
    put_attribute(cases->text, "type", capture_status_name(capture->status));
    put_attribute(cases->text, "message", capture->message != NULL ? capture->message : "");
    g_string_append(cases->text, "/>\n");
}

static void add(struct output *output, const struct capture *capture)
{
    enum skypefp_verdict verdict = report_verdict(capture->document);

    if (output->state == NULL) {
        struct cases *fresh = g_new0(struct cases, 1);
        fresh->text = g_string_new(NULL);
        output->state = fresh;
    }
    struct cases *cases = output->state;
    cases->n++;
    g_string_append(cases->text, "    <testcase classname=\"skypefp\"");
    put_attribute(cases->text, "name", capture->name);
    char *seconds = print_seconds(capture->seconds);
    put_attribute(cases->text, "time", seconds);
    g_free(seconds);
    cases->seconds += capture->seconds;
    g_string_append(cases->text, ">\n");
    if ((int)verdict >= output->fail_on) {
        put_failure(cases, capture, verdict, output->fail_on);
    }
    if (capture->status != CAPTURE_OK) {
        put_error(cases, capture);
    }
    g_string_append(cases->text, "    </testcase>\n");
}

static void end(struct output *output, bool is_complete)
{
    static const struct cases none;
    struct cases *cases = output->state;
    const struct cases *sums = cases != NULL ? cases : &none;
    char *seconds = print_seconds(sums->seconds);

    fprintf(output->file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
            "  <testsuite name=\"skypefp-batch\" tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"%s\">\n%s%s  "
            "</testsuite>\n</testsuites>\n",
            sums->n, sums->n_failures, sums->n_errors, seconds, sums->text != NULL ? sums->text->str : "",
            is_complete ? "" : "    <system-err>interrupted: captures are missing</system-err>\n");
    g_free(seconds);
    if (cases != NULL) {
        g_string_free(cases->text, TRUE);
        g_free(cases);
        output->state = NULL;
    }
}

const struct output_format output_format_junit = { "junit", OUTPUT_OF_RUN, add, end };
