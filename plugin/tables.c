/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of tables. */
#include "tables.h"

#include "table_contacts.h"
#include "table_endpoints.h"
#include "table_hosts.h"

const struct table *const skypefp_tables[] = { &skypefp_table_endpoints, &skypefp_table_hosts,
                                               &skypefp_table_contacts };
const unsigned skypefp_n_tables = array_length(skypefp_tables);
