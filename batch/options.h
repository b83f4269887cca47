/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of skypefp-batch. */
#ifndef BATCH_OPTIONS_H
#define BATCH_OPTIONS_H

#include "capture.h"
#include "engine.h"
#include "output.h"

/* Exit codes; a signal ends with 128 + its number. */
enum { EXIT_NOTHING = 0, EXIT_FINDINGS = 1, EXIT_INCOMPLETE = 2, EXIT_USAGE = 3 };

enum { FAIL_ON_NEVER = SKYPEFP_CERTAIN + 1 };   /* above every verdict */

struct options {
    unsigned writes;            /* OUTPUT_OF_RUN or OUTPUT_OF_MERGE */
    GPtrArray *outputs;         /* struct output, at least one */
    char **arguments;           /* files, folders, reports */
    char *list;                 /* file with names; "-": stdin; NULL: none */
    char *resume;               /* an earlier report; NULL: none */
    enum engine_kind engine;
    double timeout_seconds;
    unsigned n_workers;
    int fail_on;                /* a verdict or FAIL_ON_NEVER */
    bool is_quiet;
    bool is_null_separated;     /* names in the list */
    bool same_network;          /* merge */
};

enum command { COMMAND_RUN, COMMAND_MERGE, COMMAND_DOCTOR };

/* Reads the command line, prints --help and --version. When this returns false the program ends with *code. */
bool options_read(struct options *options, enum command command, int argc, char **argv, int *code);
void options_clear(struct options *options);

/* "certain", "likely", "possible", "never". */
const char *fail_on_name(int fail_on);

#endif
