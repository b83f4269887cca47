/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a summary: an endpoint, a host, a conversation. */
#ifndef SKYPEFP_SUMMARY_ROWS_H
#define SKYPEFP_SUMMARY_ROWS_H

#include "contact.h"

enum { SKYPEFP_N_VERDICTS = SKYPEFP_CERTAIN + 1, SKYPEFP_N_FUNCTIONS = 16 };

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
    uint64_t n_octets;  /* of their payloads on the wire */
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
    uint32_t n_packets;               /* marked packets of its endpoints and conversations, data apart */
    uint64_t n_octets;                /* of their payloads on the wire */
    uint32_t n_peers;                 /* endpoints at the other side of them */
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
    uint32_t n_marked;         /* packets from the threshold on */
    int64_t first_us, last_us; /* of all packets below */
    uint32_t n_packets[2];     /* [0]: from src. UDP: with a shape of Skype's; TCP: with payload or an end */
    uint64_t n_octets[2];      /* of their payloads on the wire */
    uint64_t rules;            /* a bit for each rule that fired in it, by index */
    uint64_t active, data;     /* UDP: when marked datagrams were sent, and marked data, keep-alives included: a bit
                                  for each of 64 equal parts of first_us to last_us, the first one the highest */
    const char *target;        /* TCP through a proxy, see skypefp_finding */
    const skypefp_contact *contact; /* UDP; otherwise NULL */
    const skypefp_endpoint
        *side[2]; /* TCP: src and dst, when they have evidence that belongs to this conversation alone; or NULL */
} skypefp_conversation_summary;

#endif
