/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes pcapng: one section, interfaces, packets with comments. Little endian. */
#ifndef BATCH_PCAPNG_WRITER_H
#define BATCH_PCAPNG_WRITER_H

#include <glib.h>
#include <stdio.h>

/* Begins a file with its section header: a comment, and the program that writes. Errors stay in the file: ask
 * ferror() at the end. */
void pcapng_write_section(FILE *file, const char *comment, const char *program);

/* An interface, numbered from 0: link type as in capture files, times in nanoseconds, no limit of length. */
void pcapng_write_interface(FILE *file, guint16 link);

/* A packet. time_ns: since the epoch. comment: NULL for none. */
void pcapng_write_packet(FILE *file, guint32 interface, guint64 time_ns, const guint8 *octets, guint32 len,
                         guint32 wire_len, const char *comment);

#endif
