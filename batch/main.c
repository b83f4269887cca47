/* SPDX-License-Identifier: GPL-2.0-or-later */
/* skypefp-batch: finds peer-to-peer Skype in many captures, merges reports, and says why nothing appears. */
#include "complaint.h"
#include "doctor.h"
#include "interrupt.h"
#include "merge.h"
#include "options_check.h"
#include "options_read.h"
#include "protection.h"
#include "run.h"

#include <locale.h>
#include <string.h>

static int run(enum command command, const struct options *options)
{
    switch (command) {
    case COMMAND_MERGE:
        return merge_reports(options);
    case COMMAND_DOCTOR:
        return doctor_examine();
    default:
        return run_batch(options);
    }
}

int main(int argc, char **argv)
{
    struct options options;
    enum command command = COMMAND_RUN;
    char *reason = NULL;
    int code;

    setlocale(LC_ALL, "");
    interrupt_catch();
    if (!protection_allows_standard_files(&reason)) {
        if (reason != NULL) {
            complain("%s", reason);
        }
        g_free(reason);
        return EXIT_USAGE;
    }
    if (argc > 1 && strcmp(argv[1], "merge") == 0) {
        command = COMMAND_MERGE;
    } else if (argc > 1 && strcmp(argv[1], "doctor") == 0) {
        command = COMMAND_DOCTOR;
    }
    int n_words = command == COMMAND_RUN ? 0 : 1;
    if (options_read(&options, command, argc - n_words, argv + n_words, &code)) {
        code = options_check(&options, command) ? run(command, &options) : EXIT_USAGE;
    }
    options_clear(&options);
    return code;
}
