/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of endpoints: is it FTP, HTTP or Skype? A row for each tenancy of an endpoint that is at least possible,
 * for each host that began marked TCP conversations (from ports that are not its own), and for each other endpoint
 * that answered. */
#ifndef SKYPEFP_TABLE_ENDPOINTS_H
#define SKYPEFP_TABLE_ENDPOINTS_H

#include "table.h"

extern const struct table skypefp_table_endpoints;

#endif
