/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a capture comes to: endpoints, hosts, conversations and counts, computed from the tracker at the end.
 *
 * Every statistic and report is made from this, so they agree, and they are the same in one pass and in two. */
#ifndef SKYPEFP_SUMMARY_H
#define SKYPEFP_SUMMARY_H

#include "address.h"
#include "contact.h"

/* An endpoint with evidence, or whose public address was learnt: a row for each tenancy of an address and port.
 * Initiators of TCP conversations are not among them: what they show belongs to their conversation and host. */
typedef struct skypefp_endpoint_summary {
    const skypefp_endpoint *endpoint;
    enum skypefp_verdict verdict;
    int bits;
    uint32_t proof;   /* frame that made it at least likely; 0: none */
    int64_t proof_us; /* its time; INT64_MIN: unknown */
    bool associated;
    int64_t first_us, last_us; /* of its evidence and checked messages, with has_times */
    bool has_times;
    uint32_t first_frame; /* of the packets below */
    uint32_t last_frame;
    uint32_t n_packets; /* datagrams with a shape, data apart, and segments of conversations with findings: sent and
                           received */
    uint32_t n_peers;   /* endpoints at the other side of them */
} skypefp_endpoint_summary;

enum { SKYPEFP_MAX_HOST_PORTS = 8 };

/* A host, one tenancy of it, with a certain endpoint or a conversation that is at least likely. */
typedef struct skypefp_host_summary {
    const skypefp_endpoint *host; /* its address, at port 0 */
    enum skypefp_verdict verdict; /* the strongest of its endpoints and conversations */
    int bits;
    uint32_t proof;                         /* frame that proved it */
    uint16_t ports[SKYPEFP_MAX_HOST_PORTS]; /* proven ports that it listens on, in the order of the endpoints */
    unsigned n_ports;
    uint32_t n_conversations;         /* marked ones on TCP that it began */
    int64_t first_us, last_us;        /* of evidence and checked messages */
    uint32_t first_frame, last_frame; /* of marked packets of its endpoints and conversations */
} skypefp_host_summary;

/* Two endpoints that exchanged marked packets, or possible ones, on one transport; a TCP connection is one of its
 * own. */
typedef struct skypefp_conversation_summary {
    skypefp_address src; /* who began it, as far as was seen. Both are the tracker's */
    skypefp_address dst;
    enum skypefp_transport transport;
    enum skypefp_verdict verdict; /* the strongest of its packets */
    int bits;                     /* of that verdict's endpoint */
    uint32_t proof;
    int64_t proof_us;     /* its time; INT64_MIN: unknown */
    uint32_t first_frame; /* of its packets with that verdict or a weaker one, but not none */
    uint32_t last_frame;
    uint32_t n_marked;              /* packets from the threshold on */
    int64_t first_us, last_us;      /* of all packets below */
    uint32_t n_packets[2];          /* [0]: from src. UDP: with a shape of Skype's; TCP: with payload or an end */
    uint64_t n_octets[2];           /* of their payloads on the wire */
    uint64_t rules;                 /* a bit for each rule that fired in it, by index */
    const char *target;             /* TCP through a proxy, see skypefp_finding */
    const skypefp_contact *contact; /* UDP; otherwise NULL */
    const skypefp_endpoint
        *side[2]; /* TCP: src and dst, when they have evidence that belongs to this conversation alone; or NULL */
} skypefp_conversation_summary;

/* An endpoint that answered garbage with binary though no facade was seen: half of the contradiction, kept for
 * merging with other captures. */
typedef struct skypefp_half {
    const skypefp_endpoint *endpoint;
    uint32_t frame;
    int64_t time_us;
} skypefp_half;

enum { SKYPEFP_N_VERDICTS = SKYPEFP_CERTAIN + 1, SKYPEFP_N_FUNCTIONS = 16 };

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
