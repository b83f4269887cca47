/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Endpoints over several captures: whose evidence belongs together, and what it adds up to. */
#ifndef BATCH_MERGE_ENDPOINT_H
#define BATCH_MERGE_ENDPOINT_H

#include "services.h"
#include "verdict.h"

#include <json-glib/json-glib.h>

/* The evidence of one rule. */
struct merged_tally {
    skypefp_tally tally;
    guint capture;              /* index of the first capture that has it */
    guint n_captures;
};

struct merged_endpoint {
    char *address;
    char *scope;                /* key of the one capture a private address belongs to; NULL: all captures */
    int port;
    GArray *tallies;            /* struct merged_tally */
    GArray *captures;           /* guint, rising: where it has evidence or an association */
    GArray *facades;            /* guint: captures with tcp.http_facade */
    GArray *answers;            /* struct binary_answer: of other connections */
    enum skypefp_service service;       /* the strongest that it announces in a capture; skype: decided by the sum */
    bool is_associated;         /* in a capture */
    /* the result: */
    struct standing standing;
};

struct binary_answer {
    guint capture;
    uint32_t frame;
};

/* Joins the endpoints of capture records (see merge.c), which stay alive; keys: of the captures. Strongest first, then by address,
 * port and scope: struct merged_endpoint, freed with the array. *n_unknown: evidence of rules that this version does not know. */
GPtrArray *merge_endpoints(GPtrArray *records, GPtrArray *keys, bool same_network, unsigned *n_unknown);

#endif
