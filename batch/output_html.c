/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The HTML page, written when all captures are known. */
#include "output_html.h"

#include "html.h"
#include "plain_text.h"

static void add(struct output *output, const struct capture *capture)
{
    if (output->state == NULL) {
        output->state = report_html_new();
    }
    report_html_add(output->state, capture->document,
                    &(struct report_file){
                        .name = capture->name,
                        .sha256 = capture->sha256,
                        .size = capture->size,
                        .status = capture_status_name(capture->status),
                        .message = capture->message,
                    });
}

static void end(struct output *output, bool is_complete)
{
    struct report_html *html = output->state != NULL ? output->state : report_html_new();
    GDateTime *now = g_date_time_new_now_utc();
    char *command_line = output->command_line != NULL ? skypefp_make_plain(output->command_line) : NULL;
    char *page = report_html_finish(html, command_line, now, is_complete);

    fputs(page, output->file);
    g_free(page);
    g_free(command_line);
    g_date_time_unref(now);
    report_html_free(html);
    output->state = NULL;
}

const struct output_format output_format_html = { "html", OUTPUT_OF_RUN, add, end };
