/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON document skypefp-report/2. */
#ifndef SKYPEFP_REPORT_JSON_H
#define SKYPEFP_REPORT_JSON_H

#include "listening.h"

/* The report of the open capture: a JSON document over several lines, ending in a newline. ASCII only; the same capture gives the
 * same octets. Free it with g_free(). */
char *skypefp_make_report(const struct listening *listening);

#endif
