/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of skypefp-batch: what its command line says. */
#ifndef BATCH_OPTIONS_H
#define BATCH_OPTIONS_H

#include "capture.h"
#include "engine.h"
#include "output.h"

/* Exit codes; a signal ends with 128 + its number. 1 and 4 have findings, 2 and 4 have damage. */
enum { EXIT_NOTHING = 0, EXIT_FINDINGS = 1, EXIT_DAMAGE = 2, EXIT_USAGE = 3, EXIT_FINDINGS_AND_DAMAGE = 4 };

/* What a capture that could not be read, or not to its end, does to the exit code. */
enum damage_policy { DAMAGE_FAILS, DAMAGE_WARNS, DAMAGE_IGNORED };

enum { MAX_WORKERS = 1024 };

enum { FAIL_ON_NEVER = SKYPEFP_CERTAIN + 1 }; /* above every verdict */

struct options {
    unsigned writes;    /* OUTPUT_OF_RUN or OUTPUT_OF_MERGE */
    GPtrArray *outputs; /* struct output, at least one */
    char **arguments;   /* files, folders, reports */
    char *list;         /* file with names; "-": stdin; NULL: none */
    char *extract;      /* folder for extracts; NULL: none */
    char *command_line; /* as it was given, quoted for a shell */
    char *resume;       /* an earlier report; NULL: none */
    enum engine_kind engine;
    double timeout_seconds;
    unsigned n_workers;
    int fail_on; /* a verdict or FAIL_ON_NEVER */
    enum damage_policy on_damage;
    char **excluded;                  /* patterns of names that are skipped in folders; NULL: none */
    bool is_watching;                 /* until a signal comes */
    bool is_following;                /* standard input, while it is written */
    bool always_colors, never_colors; /* neither: on a terminal */
    bool is_quiet;
    bool near_misses;       /* are reported */
    bool allow_empty;       /* no captures at all is fine */
    bool force;             /* outputs may replace texts that are not reports */
    bool is_null_separated; /* names in the list */
    bool is_path_misplaced; /* an -o before any --format, and one of the formats has none */
    bool same_network;      /* merge */
};

enum command { COMMAND_RUN, COMMAND_MERGE, COMMAND_DOCTOR };

/* Frees what reading the command line made. */
void options_clear(struct options *options);

/* The exit code of a command that did its work. With DAMAGE_WARNS a line on stderr reports damage. */
int options_exit_code(const struct options *options, bool has_findings, unsigned n_damaged);

#endif
