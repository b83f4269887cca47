/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table, written as soon as the conversations of a capture are known. */
#include "output_flows.h"

#include "flow_table.h"

typedef void rows_writer(GString *table, JsonObject *document, const struct report_file *file);

static void write_text(const struct output *output, GString *text)
{
    fputs(text->str, output->file);
    g_string_free(text, TRUE);
}

/* Writes the header the first time. */
static void begin(struct output *output)
{
    if (output->state != NULL) {
        return;
    }
    GString *text = g_string_new(NULL);
    if (output->format == &output_format_csv) {
        report_csv_header(text);
    } else {
        GDateTime *now = g_date_time_new_now_utc();
        report_zeek_header(text, now);
        g_date_time_unref(now);
    }
    write_text(output, text);
    output->state = g_new0(bool, 1);
}

static void add_rows(struct output *output, const struct capture *capture, rows_writer *write_rows)
{
    struct report_file file = { .name = capture->name, .sha256 = capture->sha256, .size = capture->size };
    GString *text = g_string_new(NULL);

    begin(output);
    if (capture->document != NULL) {
        write_rows(text, capture->document, &file);
    }
    write_text(output, text);
}

static void add_csv(struct output *output, const struct capture *capture)
{
    add_rows(output, capture, report_csv_rows);
}

static void add_zeek(struct output *output, const struct capture *capture)
{
    add_rows(output, capture, report_zeek_rows);
}

static void end_csv(struct output *output, bool is_complete)
{
    (void)is_complete;
    begin(output);
    g_clear_pointer(&output->state, g_free);
}

/* A log without its last line was not finished. */
static void end_zeek(struct output *output, bool is_complete)
{
    begin(output);
    if (is_complete) {
        GDateTime *now = g_date_time_new_now_utc();
        GString *text = g_string_new(NULL);
        report_zeek_footer(text, now);
        write_text(output, text);
        g_date_time_unref(now);
    }
    g_clear_pointer(&output->state, g_free);
}

const struct output_format output_format_csv = { "csv", OUTPUT_OF_RUN, add_csv, end_csv };
const struct output_format output_format_zeek = { "zeek", OUTPUT_OF_RUN, add_zeek, end_zeek };
