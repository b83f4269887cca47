/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit code that the options ask for, and freeing them. */
#include "options.h"

#include "complaint.h"

int options_exit_code(const struct options *options, bool has_findings, unsigned n_damaged)
{
    if (n_damaged > 0 && options->on_damage == DAMAGE_WARNS) {
        complain("%u %s could not be read to the end%s", n_damaged, n_damaged == 1 ? "capture" : "captures",
                 options->extract != NULL ? " or extracted from" : "");
    }
    bool has_damage = n_damaged > 0 && options->on_damage == DAMAGE_FAILS;
    return has_findings ? has_damage ? EXIT_FINDINGS_AND_DAMAGE : EXIT_FINDINGS
           : has_damage ? EXIT_DAMAGE
                        : EXIT_NOTHING;
}

void options_clear(struct options *options)
{
    g_ptr_array_unref(options->outputs);
    g_strfreev(options->arguments);
    g_strfreev(options->excluded);
    g_free(options->list);
    g_free(options->resume);
    g_free(options->extract);
    g_free(options->command_line);
}
