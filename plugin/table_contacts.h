/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of contacts: who exchanged Skype's messages with whom, when, and how much. A row for each pair of
 * endpoints on UDP and each TCP conversation with marked or possible packets. */
#ifndef SKYPEFP_TABLE_CONTACTS_H
#define SKYPEFP_TABLE_CONTACTS_H

#include "table.h"

extern const struct table skypefp_table_contacts;

#endif
