/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a capture comes to: endpoints, hosts, conversations and counts, computed from the tracker at the end.
 *
 * Every statistic and report is made from this, so they agree, and they are the same in one pass and in two. */
#ifndef SKYPEFP_SUMMARY_H
#define SKYPEFP_SUMMARY_H

#include "address.h"
#include "summary_rows.h"

/* An endpoint that answered garbage with binary though no facade was seen: half of the contradiction, kept for
 * merging with other captures. */
typedef struct skypefp_half {
    const skypefp_endpoint *endpoint;
    uint32_t frame;
    int64_t time_us;
} skypefp_half;

typedef struct skypefp_summary {
    skypefp_endpoint_summary *endpoints; /* strongest first, then by address and port, then by time */
    unsigned n_endpoints;
    skypefp_host_summary *hosts; /* strongest first, then by address and time */
    unsigned n_hosts;
    skypefp_conversation_summary *conversations; /* in the order of their first frames */
    unsigned n_conversations;
    skypefp_half *halves; /* in the order of their frames */
    unsigned n_halves;
    uint32_t packets[SKYPEFP_N_VERDICTS];    /* by verdict; datagrams that only have a shape are under none */
    uint32_t functions[SKYPEFP_N_FUNCTIONS]; /* marked datagrams by enum skypefp_function */
    uint32_t *rule_hits;                     /* by rule: packets it fired on, skypefp_n_rules() of them */
    GHashTable *by_key;       /* struct endpoint_key -> skypefp_endpoint_summary, the strongest tenancy */
    struct hash_key hash_key; /* of the keys */
} skypefp_summary;

/* Summarizes what the tracker holds; packets from a verdict on count as marked. Linear in the findings. Free it with
 * skypefp_summary_free(); it is valid until the tracker observes another packet. */
skypefp_summary *skypefp_summarize(const skypefp_tracker *tracker, enum skypefp_verdict threshold);
void skypefp_summary_free(skypefp_summary *summary);

/* The sums of an address and port, of its strongest tenancy; NULL: there is nothing to report of it. Owned by the
 * summary. */
const skypefp_endpoint_summary *skypefp_summary_find(const skypefp_summary *summary, const skypefp_address *address);

#endif
