/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and times as text: numbers only, nothing is resolved, nothing depends on locale or time zone. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "skypefp.h"

#include <glib.h>

/* "192.0.2.1" or "2001:db8::1", without the port; g_free() it. The address has 4 or 16 octets. */
char *report_host_text(const skypefp_address *address);

/* "192.0.2.1" of an address in host order; g_free() it. */
char *report_ipv4_text(uint32_t address);

/* UTC in ISO 8601 with microseconds, "2006-05-25T10:18:14.000123Z"; g_free() it. NULL when it is not a time: a
 * capture can hold any number as its seconds and as their fraction. */
char *report_time_text(int64_t seconds, int64_t nanoseconds);

/* The same of microseconds since the epoch, in the range that g_date_time_new_from_unix_utc() takes. */
char *report_us_text(int64_t time_us);

/* "192.0.2.1:80", "[2001:db8::1]:80"; g_free() it. */
char *report_endpoint_text(const char *host, int64_t port);

/* Two digits an octet, without separators; g_free() it. */
char *report_hex_text(const uint8_t *octets, size_t n);

#endif
