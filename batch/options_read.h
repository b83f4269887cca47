/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of skypefp-batch. */
#ifndef BATCH_OPTIONS_READ_H
#define BATCH_OPTIONS_READ_H

#include "options.h"

/* Reads the command line, prints --help and --version. When this returns false the program ends with *code. */
bool options_read(struct options *options, enum command command, int argc, char **argv, int *code);

#endif
