/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Endpoints over several captures: whose evidence belongs together, and what it adds up to. */
#ifndef BATCH_MERGE_ENDPOINT_H
#define BATCH_MERGE_ENDPOINT_H

#include "merge_halves.h"
#include "merge_tally.h"
#include "services.h"
#include "verdict.h"

#include <json-glib/json-glib.h>

/* One owner's time on an address and port. */
struct merged_endpoint {
    char *address;
    char *scope; /* key of the one capture a private address belongs to; NULL: all captures */
    int port;
    GArray *showings;             /* struct showing */
    GArray *tallies;              /* struct merged_tally, once they are added up */
    GArray *captures;             /* guint, rising: where it has evidence or an association */
    GArray *facades;              /* struct half: captures with tcp.http_facade */
    GArray *answers;              /* struct half: binary answers on other connections */
    struct span span;             /* of its evidence, as exactly as the reports say */
    enum skypefp_service service; /* the strongest that it announces in a capture; skype: decided by the sum */
    bool is_associated;           /* in a capture */
    /* the result: */
    struct standing standing;
};

/* Joins the endpoints of capture records (see merge.c), which stay alive; keys: of the captures. Strongest first,
 * then by address, port and scope: struct merged_endpoint, freed with the array. *n_unknown: evidence of rules that
 * this version does not know. */
GPtrArray *merge_endpoints(GPtrArray *records, GPtrArray *keys, bool same_network, unsigned *n_unknown);

#endif
