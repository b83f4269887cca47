/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JUnit: a test case for each capture. Findings at or above the bar are a failure, what could not be read is an error. */
#include "output_junit.h"

#include "report.h"

struct cases {
    GString *text;
    unsigned n, n_failures, n_errors;
};

static void put_attribute(GString *text, const char *name, const char *value)
{
    char *escaped = g_markup_escape_text(value, -1);

    g_string_append_printf(text, " %s=\"%s\"", name, escaped);
    g_free(escaped);
}

/* One line for each endpoint at or above the bar. */
static void put_findings(GString *text, JsonArray *endpoints, int bar)
{
    for (guint i = 0; endpoints != NULL && i < json_array_get_length(endpoints); i++) {
        JsonObject *endpoint = report_object_at(endpoints, i);
        const char *verdict = endpoint != NULL ? report_string(endpoint, "verdict") : NULL;
        if ((int)verdict_by_name(verdict) >= bar) {
            char *line = g_markup_printf_escaped("%s %" G_GINT64_FORMAT " bits %s port %" G_GINT64_FORMAT " (frame %" G_GINT64_FORMAT ")\n",
                                                 verdict, report_number(endpoint, "bits", 0), report_string(endpoint, "address"),
                                                 report_number(endpoint, "port", 0), report_number(endpoint, "proof_frame", 0));
            g_string_append(text, line);
            g_free(line);
        }
    }
}

static void put_failure(struct cases *cases, const struct capture *capture, enum skypefp_verdict verdict, int bar)
{
    cases->n_failures++;
    g_string_append(cases->text, "      <failure");
    put_attribute(cases->text, "type", skypefp_verdict_name(verdict));
    put_attribute(cases->text, "message", "peer-to-peer Skype");
    g_string_append(cases->text, ">");
    put_findings(cases->text, report_array(capture->document, "endpoints"), bar);
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
    enum skypefp_verdict verdict = document_verdict(capture->document);

    if (output->state == NULL) {
        struct cases *fresh = g_new0(struct cases, 1);
        fresh->text = g_string_new(NULL);
        output->state = fresh;
    }
    struct cases *cases = output->state;
    cases->n++;
    g_string_append(cases->text, "    <testcase classname=\"skypefp\"");
    put_attribute(cases->text, "name", capture->name);
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
    struct cases *cases = output->state;

    fprintf(output->file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
            "  <testsuite name=\"skypefp-batch\" tests=\"%u\" failures=\"%u\" errors=\"%u\">\n%s%s  </testsuite>\n</testsuites>\n",
            cases != NULL ? cases->n : 0, cases != NULL ? cases->n_failures : 0, cases != NULL ? cases->n_errors : 0,
            cases != NULL ? cases->text->str : "",
            is_complete ? "" : "    <system-err>interrupted: captures are missing</system-err>\n");
    if (cases != NULL) {
        g_string_free(cases->text, TRUE);
        g_free(cases);
        output->state = NULL;
    }
}

const struct output_format output_format_junit = { "junit", OUTPUT_OF_RUN, add, end };
