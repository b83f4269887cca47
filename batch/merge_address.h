/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses in reports. */
#ifndef BATCH_MERGE_ADDRESS_H
#define BATCH_MERGE_ADDRESS_H

#include <stdbool.h>

/* An IPv4 or IPv6 address in numbers only: no zone, no name. NULL is not one. */
bool merge_is_address(const char *text);

/* Whether an address is one machine's everywhere: IPv4 as the fingerprints see it, IPv6 in 2000::/3. */
bool merge_is_global(const char *text);

#endif
