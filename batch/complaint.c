/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints lines for people, made plain. */
#include "complaint.h"

#include "plain_text.h"

#include <stdio.h>

void complain(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    char *text = g_strdup_vprintf(format, values);
    va_end(values);
    char *plain = skypefp_make_plain(text);
    fprintf(stderr, "skypefp-batch: %s\n", plain);
    g_free(plain);
    g_free(text);
}
