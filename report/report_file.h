/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture as a file, for the documents that name it. */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include <glib.h>

/* What is NULL or negative is unknown, and the documents say so. All of it is borrowed. */
struct report_file {
    const char *name;   /* UTF-8 */
    const char *sha256; /* of its content */
    gint64 size;
    const char *status, *message; /* "ok", or how far it could not be read and why */
};

#endif
