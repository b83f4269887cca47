/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a capture comes to: endpoints, conversations and counts, computed from the tracker at the end.
 *
 * Every statistic and report is made from this, so they agree, and they are the same in one pass and in two. */
#ifndef SKYPEFP_SUMMARY_H
#define SKYPEFP_SUMMARY_H

#include "address.h"

/* An endpoint with evidence, or whose public address was learnt: one for each address and port. The endpoint is the tracker's; when
 * one left the table and came back, the one with more bits. */
typedef struct skypefp_endpoint_summary {
    const skypefp_endpoint *endpoint;
    enum skypefp_verdict verdict;
    int bits;
    uint32_t proof;             /* frame that made it at least likely; 0: none */
    bool associated;
    uint32_t first_frame;       /* of the packets below */
    uint32_t last_frame;
    uint32_t n_packets;         /* datagrams with a shape, segments of conversations with findings: sent and received */
    uint32_t n_peers;           /* endpoints at the other side of them */
} skypefp_endpoint_summary;

/* Two endpoints that exchanged marked packets on one transport; a TCP connection is one of its own. */
typedef struct skypefp_conversation_summary {
    const skypefp_endpoint *src;        /* who began it, as far as was seen */
    const skypefp_endpoint *dst;
    enum skypefp_transport transport;
    enum skypefp_verdict verdict;       /* the strongest of its packets */
    uint32_t first_frame;
    uint32_t last_frame;
    uint32_t n_packets;
} skypefp_conversation_summary;

/* An endpoint that answered garbage with binary though no facade was seen: half of the contradiction, kept for merging with
 * other captures. */
typedef struct skypefp_half {
    const skypefp_endpoint *endpoint;
    uint32_t frame;
} skypefp_half;

enum { SKYPEFP_N_VERDICTS = SKYPEFP_CERTAIN + 1, SKYPEFP_N_FUNCTIONS = 16 };

typedef struct skypefp_summary {
    skypefp_endpoint_summary *endpoints;            /* strongest first, then by address and port */
    unsigned n_endpoints;
    skypefp_conversation_summary *conversations;    /* in the order of their first frames */
    unsigned n_conversations;
    skypefp_half *halves;                           /* in the order of their frames */
    unsigned n_halves;
    uint32_t packets[SKYPEFP_N_VERDICTS];           /* by verdict; datagrams that only have a shape stand under none */
    uint32_t functions[SKYPEFP_N_FUNCTIONS];        /* marked datagrams by enum skypefp_function */
    uint32_t *rule_hits;                            /* by rule: packets it fired on, skypefp_n_rules() of them */
    GHashTable *by_key;                             /* struct endpoint_key -> skypefp_endpoint_summary */
    struct hash_key hash_key;                       /* of the keys */
} skypefp_summary;

/* Summarizes what the tracker holds; packets from a verdict on count as marked. Linear in the findings. Free it with
 * skypefp_summary_free(); it is valid until the tracker observes another packet. */
skypefp_summary *skypefp_summarize(const skypefp_tracker *tracker, enum skypefp_verdict threshold);
void skypefp_summary_free(skypefp_summary *summary);

/* The sums of an address and port; NULL: there is nothing to tell of it. Owned by the summary. */
const skypefp_endpoint_summary *skypefp_summary_find(const skypefp_summary *summary, const skypefp_address *address);

#endif
