/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: the document of each capture with its file, one a line, written as soon as it is known. */
#include "output_jsonl.h"

#include "report.h"

static void add(struct output *output, const struct capture *capture)
{
    char *line = report_line(capture);

    fputs(line, output->file);
    fputc('\n', output->file);
    g_free(line);
}

const struct output_format output_format_jsonl = { "jsonl", OUTPUT_OF_RUN, add, NULL };
