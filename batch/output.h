/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where results go: a format, and a file or stdout. Captures arrive in their final order. */
#ifndef BATCH_OUTPUT_H
#define BATCH_OUTPUT_H

#include "capture.h"
#include "destination.h"
#include "style.h"

#include <stdio.h>

#define OUTPUT_UNFINISHED ".unfinished"

struct output;

enum { OUTPUT_OF_RUN = 1, OUTPUT_OF_MERGE = 2 }; /* commands that write a format */

/* What a format does; data of its own is output->state. */
struct output_format {
    const char *name;
    unsigned commands;
    void (*add)(struct output *output, const struct capture *capture);
    void (*end)(struct output *output, bool is_complete); /* writes what is left; frees state; NULL: nothing to do */
};

struct output {
    const struct output_format *format; /* NULL: the default of the command, until the command line was read */
    char *path;                         /* NULL: stdout */
    char *unfinished; /* written under this name and renamed at the end; NULL: written to path itself */
    const skypefp_protection *protection; /* what must not be replaced; outlives the output */
    FILE *file;
    bool is_gone; /* it is a pipe that its reader has closed */
    int fail_on;
    struct style style;
    const char *command_line; /* of the program, quoted for a shell; NULL: unknown. Outlives the output */
    void *state;
};

/* An output of a format (NULL: not known yet) to stdout. */
struct output *output_new(const struct output_format *format);
void output_free(gpointer data);

/* Opens the file, and leaves what it holds; with keep the file of that name stays until output_close(). False: *reason,
 * to be freed, says why not. */
bool output_open(struct output *output, const skypefp_protection *protection, int fail_on, bool keep, char **reason);

/* Empties the file, once all outputs are open. False: as above. */
bool output_begin(struct output *output, char **reason);

/* Adds a capture and writes what is complete. A closed pipe is not an error. */
void output_add(struct output *output, const struct capture *capture);

/* Writes a line at once, for formats of lines. */
void output_say(struct output *output, const char *line);

/* Ends the report. False when something could not be written; *reason, to be freed, says why. */
bool output_close(struct output *output, bool is_complete, char **reason);

#endif
