/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON document skypefp-report/1. */
#ifndef SKYPEFP_REPORT_JSON_H
#define SKYPEFP_REPORT_JSON_H

#include "taps.h"

#include <stdio.h>

/* Writes the report of the open capture, as one line-broken JSON document and a newline. ASCII only; the same capture gives the same
 * octets. Errors are left in the stream. */
void skypefp_write_report(const struct listening *listening, FILE *file);

#endif
