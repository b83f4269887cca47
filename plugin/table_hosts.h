/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of hosts: those that are proven to run Skype, a row for each tenancy, then those that only asked for
 * Skype's software. */
#ifndef SKYPEFP_TABLE_HOSTS_H
#define SKYPEFP_TABLE_HOSTS_H

#include "table.h"

extern const struct table skypefp_table_hosts;

#endif
