/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the files that a command reads from the files that it writes, regardless of their names: by device and
 * inode. */
#ifndef BATCH_PROTECTION_H
#define BATCH_PROTECTION_H

#include "destination.h"
#include "options.h"

/* The inputs of a command and --force. captures: struct capture, or NULL for merge, whose arguments are its inputs.
 * A report in a folder that is searched and that an output is about to replace leaves captures. False and *reason,
 * to be freed, when an output, stdout included, is an input. Ends with protection_clear(). */
bool protection_init(skypefp_protection *protection, const struct options *options, GPtrArray *captures, char **reason);
void protection_clear(skypefp_protection *protection);

/* Whether it is safe to write to standard output and error: neither is a file in which a capture may be, as with
 * ">> a.pcap". Otherwise *reason, to be freed, if standard error may be written to. */
bool protection_allows_standard_files(char **reason);

#endif
