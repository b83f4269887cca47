/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and closes the files that reports are written to. */
#include "output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

struct output *output_new(const char *name)
{
    static const struct output_format *const formats[] = {
        &output_format_table, &output_format_jsonl, &output_format_junit, &output_format_json
    };
    struct output *output = g_new0(struct output, 1);

    for (unsigned i = 0; name != NULL && i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            output->format = formats[i];
        }
    }
    if (name != NULL && output->format == NULL) {
        g_clear_pointer(&output, g_free);
    }
    return output;
}

void output_free(gpointer data)
{
    struct output *output = data;

    g_free(output->path);
    g_free(output->unfinished);
    g_free(output);
}

void output_settle(struct output *output, bool is_merge)
{
    if (output->format == NULL) {
        output->format = is_merge ? &output_format_json : &output_format_table;
    }
    if (g_strcmp0(output->path, "-") == 0) {
        g_clear_pointer(&output->path, g_free);
    }
}

bool output_is_of_merge(const struct output *output)
{
    return output->format == &output_format_json;
}

bool output_is_of_both(const struct output *output)
{
    return output->format == NULL || output->format == &output_format_table;
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
