/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the statistics need of the command line: the program's name, the argument of -z, and one way to refuse. */
#ifndef SKYPEFP_COMMAND_LINE_H
#define SKYPEFP_COMMAND_LINE_H

#include "compat.h"

/* Whether the program is tshark; otherwise it is Wireshark's window or sharkd. */
bool skypefp_is_tshark(void);

/* The options in a -z argument: "" for the name alone, the text after the comma for "name,options". NULL: the
 * argument only begins with the name (Wireshark matches names by prefix). Points into the argument. */
const char *skypefp_option_tail(const char *argument, const char *name);

/* Reports that a statistic is not available: one line and exit(1) in tshark, a message box in Wireshark, which
 * continues. */
void skypefp_refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
