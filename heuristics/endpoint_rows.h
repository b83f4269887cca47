/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a summary that stand for endpoints and for hosts, while a tracker's findings are added up. */
#ifndef SKYPEFP_ENDPOINT_ROWS_H
#define SKYPEFP_ENDPOINT_ROWS_H

#include "summary_rows.h"

#include <glib.h>

struct endpoint_rows {
    const skypefp_tracker *tracker;
    GArray *endpoints;    /* skypefp_endpoint_summary */
    GArray *hosts;        /* skypefp_host_summary */
    GHashTable *row_of;   /* skypefp_endpoint -> row of endpoints + 1; 0: nothing to report of it */
    GHashTable *last_row; /* struct endpoint_key -> the latest row of that address and port + 1 */
    GHashTable *host_row; /* host -> row of hosts + 1 */
    GHashTable *traffic;  /* host -> its marked packets so far */
    GHashTable *peers;    /* struct peers: who was whose peer; an endpoint's, or a host's */
};

struct endpoint_rows skypefp_rows_begin(const skypefp_tracker *tracker);

/* Puts the rows in the order of a summary and frees all but them. The caller frees endpoints and hosts. */
void skypefp_rows_finish(struct endpoint_rows *rows);

/* Counts the packets of a finding at both of its endpoints. */
void skypefp_rows_add_finding(struct endpoint_rows *rows, const skypefp_finding *finding);

/* Counts the packets of a marked finding for the hosts of both of its endpoints. */
void skypefp_rows_add_traffic(struct endpoint_rows *rows, const skypefp_finding *finding);

/* What an endpoint or a conversation shows of its host. Returns the host's row, until the next is added; NULL: the
 * host is not proven, or the verdict is below likely. */
skypefp_host_summary *skypefp_rows_add_to_host(struct endpoint_rows *rows, const skypefp_endpoint *endpoint,
                                               enum skypefp_verdict verdict, int bits, uint32_t first_frame,
                                               uint32_t last_frame);

/* Once all findings are added: the ports that proven hosts listen on, and their packets. */
void skypefp_rows_complete_hosts(struct endpoint_rows *rows);

#endif
