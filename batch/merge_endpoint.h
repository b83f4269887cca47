/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Endpoints over several captures: whose evidence belongs together, and what it adds up to. */
#ifndef BATCH_MERGE_ENDPOINT_H
#define BATCH_MERGE_ENDPOINT_H

#include "merge_time.h"
#include "services.h"
#include "verdict.h"

#include <json-glib/json-glib.h>

/* The evidence of one rule. */
struct merged_tally {
    skypefp_tally tally;
    guint capture; /* index of the first capture that has it */
    guint n_captures;
};

/* One owner's time on an address and port. */
struct merged_endpoint {
    char *address;
    char *scope; /* key of the one capture a private address belongs to; NULL: all captures */
    int port;
    GArray *tallies;              /* struct merged_tally */
    GArray *captures;             /* guint, rising: where it has evidence or an association */
    GArray *facades;              /* struct half: captures with tcp.http_facade */
    GArray *answers;              /* struct half: binary answers on other connections */
    struct span span;             /* of its evidence, as exactly as the reports say */
    enum skypefp_service service; /* the strongest that it announces in a capture; skype: decided by the sum */
    bool is_associated;           /* in a capture */
    /* the result: */
    struct standing standing;
};

/* Half of fact 1 of the mission. */
struct half {
    guint capture;
    uint32_t frame;
    struct span span;
};

/* Joins the endpoints of capture records (see merge.c), which stay alive; keys: of the captures. Strongest first,
 * then by address, port and scope: struct merged_endpoint, freed with the array. *n_unknown: evidence of rules that
 * this version does not know. */
GPtrArray *merge_endpoints(GPtrArray *records, GPtrArray *keys, bool same_network, unsigned *n_unknown);

#endif
