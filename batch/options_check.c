/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what is wrong with options that were read without an error. */
#include "options_check.h"

#include "complaint.h"
#include "output_jsonl.h"
#include "suggestion.h"

#include <string.h>

static bool names(const struct options *options, const char *argument)
{
    return g_strv_contains((const gchar *const *)options->arguments, argument);
}

/* The command that a name was meant to be that is not a file's, and *name; NULL: none. */
static const char *find_meant_command(const struct options *options, const char **name)
{
    static const char *const commands[] = { "merge", "doctor" };
    const char *meant = NULL;

    for (char **argument = options->arguments; *argument != NULL && meant == NULL; argument++) {
        *name = *argument;
        meant = g_file_test(*argument, G_FILE_TEST_EXISTS)
                    ? NULL
                    : suggestion_for(*argument, commands, G_N_ELEMENTS(commands));
    }
    return meant;
}

static bool share_a_place(const GPtrArray *outputs)
{
    for (guint i = 0; i < outputs->len; i++) {
        for (guint k = 0; k < i; k++) {
            if (g_strcmp0(((const struct output *)outputs->pdata[i])->path,
                          ((const struct output *)outputs->pdata[k])->path) == 0) {
                return true;
            }
        }
    }
    return false;
}

static const char *find_fault_of_following(const struct options *options)
{
    bool is_alone = names(options, "-") && options->arguments[1] == NULL && options->list == NULL;
    bool is_jsonl = true;

    for (guint i = 0; i < options->outputs->len; i++) {
        const struct output *output = g_ptr_array_index(options->outputs, i);
        is_jsonl = is_jsonl && output->format == &output_format_jsonl;
    }
    return !is_alone   ? "--follow takes standard input alone: skypefp-batch - --format jsonl --follow"
           : !is_jsonl ? "--follow writes JSON Lines: add --format jsonl"
           : options->engine != ENGINE_AUTO && options->engine != ENGINE_DIRECT
               ? "--follow reads packets itself; leave out --engine"
           : options->extract != NULL || options->resume != NULL
               ? "--follow goes neither with --extract nor with --resume"
               : NULL;
}

static const char *find_fault(const struct options *options, enum command command)
{
    bool is_run = command == COMMAND_RUN, has_arguments = options->arguments[0] != NULL;

    return options->is_path_misplaced ? "each -o belongs to the --format before it: write --format FORMAT -o FILE"
           : share_a_place(options->outputs) ? "two formats would go to the same place; give one of them a file with -o"
           : !(options->timeout_seconds > 0 && options->timeout_seconds < 1e9)
               ? "--timeout takes a number of seconds above 0 and below 1000000000"
           : command == COMMAND_DOCTOR && has_arguments          ? "doctor takes no arguments"
           : command == COMMAND_MERGE && !has_arguments          ? "which reports? merge REPORT..."
           : is_run && !has_arguments && options->list == NULL   ? "which captures? FILE, FOLDER, - or --list FILE"
           : options->is_null_separated && options->list == NULL ? "--null says how --list is written; add --list FILE"
           : is_run && names(options, "-") && g_strcmp0(options->list, "-") == 0
               ? "standard input is either a capture or a list"
           : options->is_watching && (names(options, "-") || options->list != NULL)
               ? "--watch takes folders, not a list or standard input"
           : options->is_following ? find_fault_of_following(options)
                                   : NULL;
}

bool options_check(const struct options *options, enum command command)
{
    if (options->n_workers < 1 || options->n_workers > MAX_WORKERS) {
        complain("--jobs takes a number from 1 to %d (see --help)", MAX_WORKERS);
        return false;
    }
    const char *fault = find_fault(options, command);
    const char *name = NULL;
    const char *meant = fault == NULL && command == COMMAND_RUN ? find_meant_command(options, &name) : NULL;

    if (fault != NULL) {
        complain("%s (see --help)", fault);
    } else if (meant != NULL) {
        complain("there is no file \"%s\"; did you mean %s? A command comes first: skypefp-batch %s ...", name, meant,
                 meant);
    }
    return fault == NULL && meant == NULL;
}
