/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line as words, before options are made of them, and as one line for a shell. */
#ifndef BATCH_COMMAND_LINE_H
#define BATCH_COMMAND_LINE_H

#include <glib.h>

/* GOptionContext requires "-j 2"; people also write "-j2". Splits short options with a value, but not the values
 * themselves. entries: GOptionEntry. Free it with g_strfreev(). */
char **command_line_split(const GArray *entries, int argc, char **argv);

/* The words as one line, quoted for a shell where they have to be. Free it with g_free(). */
char *command_line_quote(int argc, char **argv);

#endif
