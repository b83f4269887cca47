/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and closes the files that reports are written to. */
#include "output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

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

/* Whether what is there, if anything, is a file of that name alone. A device, a pipe or a link is written to: another
 * file in its place would end it. */
static bool is_replaceable(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 ? S_ISREG(status.st_mode) : errno == ENOENT;
}

bool output_open(struct output *output, const skypefp_protection *protection, int fail_on, bool keep, char **reason)
{
    output->protection = protection;
    output->fail_on = fail_on;
    output->file = stdout;
    if (output->path != NULL) {
        keep = keep && is_replaceable(output->path);
        output->unfinished = keep ? g_strconcat(output->path, OUTPUT_UNFINISHED, NULL) : NULL;
        bool is_free = !keep || skypefp_destination_is_free(output->path, protection, reason);
        output->file =
            is_free ? skypefp_destination_claim(keep ? output->unfinished : output->path, protection, reason) : NULL;
    }
    return output->file != NULL;
}

bool output_begin(struct output *output, char **reason)
{
    bool is_begun = output->path == NULL || skypefp_destination_empty(output->file);

    if (!is_begun) {
        *reason = g_strdup_printf("could not write \"%s\": %s", output->path, g_strerror(errno));
    }
    return is_begun;
}

/* Whether nothing reads a pipe any more: the system marks its other end. */
static bool is_closed_pipe(FILE *file)
{
    GPollFD pipe = { .fd = fileno(file) };

    return g_poll(&pipe, 1, 0) > 0 && (pipe.revents & G_IO_ERR) != 0;
}

/* Writes what is buffered. A closed pipe ends the output without an error. */
static bool flush(struct output *output)
{
    bool is_written = fflush(output->file) == 0 && !ferror(output->file);

    output->is_gone = output->is_gone || (!is_written && is_closed_pipe(output->file));
    return is_written || output->is_gone;
}

void output_add(struct output *output, const struct capture *capture)
{
    if (!output->is_gone) {
        output->format->add(output, capture);
        flush(output);
    }
}

void output_say(struct output *output, const char *line)
{
    if (!output->is_gone) {
        fprintf(output->file, "%s\n", line);
        flush(output);
    }
}

/* By now the name may belong to another file than at the beginning. */
static bool rename_finished(struct output *output, char **reason)
{
    if (!skypefp_destination_is_free(output->path, output->protection, reason)) {
        return false;
    }
    if (!is_replaceable(output->path)) {
        *reason = g_strdup_printf("\"%s\" has become something else than a file; the report is in \"%s\"", output->path,
                                  output->unfinished);
        return false;
    }
    return g_rename(output->unfinished, output->path) == 0;
}

bool output_close(struct output *output, bool is_complete, char **reason)
{
    if (output->format->end != NULL) {
        output->format->end(output, is_complete);
    }
    bool is_written = flush(output);
    if (output->path != NULL) {
        is_written = (fclose(output->file) == 0 || output->is_gone) && is_written;
        is_written = is_written && (output->unfinished == NULL || rename_finished(output, reason));
    }
    if (!is_written && *reason == NULL) {
        *reason =
            g_strdup_printf("could not write \"%s\": %s", output->path != NULL ? output->path : "-", g_strerror(errno));
    }
    return is_written;
}
