/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and closes the files that reports are written to. */
#include "output.h"

#include <errno.h>
#include <glib/gstdio.h>

struct output *output_new(const struct output_format *format)
{
    struct output *output = g_new0(struct output, 1);

    output->format = format;
    return output;
}

void output_free(gpointer data)
{
    struct output *output = data;

    g_free(output->path);
    g_free(output->unfinished);
    g_free(output);
}

bool output_open(struct output *output, int fail_on, bool keep, char **reason)
{
    output->fail_on = fail_on;
    output->file = stdout;
    if (output->path != NULL) {
        output->unfinished = keep ? g_strconcat(output->path, OUTPUT_UNFINISHED, NULL) : NULL;
        const char *path = keep ? output->unfinished : output->path;
        output->file = g_fopen(path, "we");
        if (output->file == NULL) {
            *reason = g_strdup_printf("could not write \"%s\": %s", path, g_strerror(errno));
        }
    }
    return output->file != NULL;
}

bool output_close(struct output *output, bool is_complete, char **reason)
{
    if (output->format->end != NULL) {
        output->format->end(output, is_complete);
    }
    bool is_written = fflush(output->file) == 0 && !ferror(output->file);
    if (output->path != NULL) {
        is_written = fclose(output->file) == 0 && is_written;
        if (is_written && output->unfinished != NULL) {
            is_written = g_rename(output->unfinished, output->path) == 0;
        }
    }
    if (!is_written) {
        *reason = g_strdup_printf("could not write \"%s\": %s", output->path != NULL ? output->path : "-", g_strerror(errno));
    }
    return is_written;
}
