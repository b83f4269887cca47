/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the files that reports are written to, and never replaces a capture, an input or anything else that is not a
 * report.
 *
 * An existing regular file is emptied only when nothing is in it, or when it is a report of this project. Pipes and
 * devices are written to as they are. The file is examined through the descriptor that it is then written with, so
 * that a name cannot change in between. */
#ifndef SKYPEFP_DESTINATION_H
#define SKYPEFP_DESTINATION_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

/* What must not be written to. */
typedef struct skypefp_protection {
    GHashTable *inputs; /* a set of skypefp_file_key(); NULL: no inputs are known */
    bool replace_texts; /* any text may be replaced (--force), unless it is named like a capture; never a binary file */
} skypefp_protection;

/* Device and inode, the same for each name of a file; to be freed. */
char *skypefp_file_key(const struct stat *status);

/* Opens a file for writing, empty; created if absent. When it must stay or cannot be written: NULL and *reason, to
 * be freed, a sentence without its full stop that begins with the name or with "could not". */
FILE *skypefp_destination_open(const char *path, const skypefp_protection *protection, char **reason);

/* The same in two steps, for a run that opens several files and must change none of them if one cannot be written:
 * what the file holds stays until it is emptied. Pipes and devices stay as they are. False: errno says why. */
FILE *skypefp_destination_claim(const char *path, const skypefp_protection *protection, char **reason);
bool skypefp_destination_empty(FILE *file);

/* Whether that would succeed, as far as what the file holds is concerned: for a file that a rename will replace.
 * *reason must be NULL before. */
bool skypefp_destination_is_free(const char *path, const skypefp_protection *protection, char **reason);

#endif
