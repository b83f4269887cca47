/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents on the open capture. */
#ifndef SKYPEFP_REPORT_JSON_H
#define SKYPEFP_REPORT_JSON_H

#include "listening.h"

/* The report of the open capture: a JSON document over several lines, ending in a newline. ASCII but for the
 * names of interfaces; the same capture gives the same octets. Free it with g_free(). */
char *skypefp_make_report(struct listening *listening);

/* The same as one HTML page; name and hash of the file are known only in the window. Free it with g_free(). */
char *skypefp_make_page(struct listening *listening);

#endif
