/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text vectors as data: packets of a case, and what the fingerprints must say of them.
 *
 *   name client 192.168.1.2:35990                  for the cases that follow; IPv6 as [2001:db8::2]:35990
 *   case the answer repeats the id                 a new tracker
 *   source Conley 2009, published bytes            required
 *   udp 1 client > peer t=0.5 : 9240.02.a16665ea.0d8c82c3.00*7
 *   open 2 client > peer                           SYN, and in frame 3 SYN and ACK
 *   tcp 4 client > peer : "GET / HTTP/1.0\r\n\r\n"
 *   tcp 5 peer > client flags=FA                   flags of S A F R; the default is A
 *     fires udp.echo 16, udp.reflect 32 @1 +2      all evidence of that frame, in any order; @ related frame, + detail
 *     links request=1 reply=2 nak=3 resend=4       those of the finding; what is not told must be 0
 *     unjudged truncated                           or -: it could be judged
 *   marked 1-3,7                                   all frames that are likely or more at the end; default: none
 *   endpoint peer certain 35 [associated]          all endpoints whose bits differ from the prior
 *   initiator client likely 11 [host]              the same of those who began a conversation, for that conversation
 *                                                  alone; host: the sum contains host.proven
 *   host 192.168.1.2 4                             hosts with Skype software, in order, and the frame
 *   nothing                                        no evidence at all, no mark, no host
 *
 * Payload: octets in hex, dots between fields for the eye, OCTET*COUNT, and "text" with \r \n \" \\. t= is the time
 * in seconds (default: 0.01 later), wire= the length on the wire, vlan= the tag, tunnels= how many IP headers
 * enclose it. seq= and ack= are raw numbers, at= is an offset from the first octet; by default a segment follows the
 * one before it. */
#ifndef SKYPEFP_VECTORS_H
#define SKYPEFP_VECTORS_H

#include "skypefp.h"

#include <glib.h>

enum { NOT_TOLD = -1 };

struct vector_endpoint {
    uint8_t bytes[SKYPEFP_IPV6_LEN];
    uint8_t len;
    uint16_t port;
};

bool is_same_endpoint(const struct vector_endpoint *a, const struct vector_endpoint *b);

struct vector_evidence {
    unsigned rule, bits;
    int64_t related_frame, detail; /* or NOT_TOLD */
};

struct vector_packet {
    unsigned line;
    skypefp_packet packet; /* data and addresses point to what is below */
    struct vector_endpoint src, dst;
    GByteArray *payload;
    GArray *fires; /* struct vector_evidence */
    bool has_links;
    uint32_t request, reply, nak, resend;
    char *unjudged; /* NULL: not told */
};

struct vector_standing {
    unsigned line;
    struct vector_endpoint endpoint;
    char *verdict;
    int bits;
    bool associated;
    bool is_initiator, on_proven_host;
};

struct vector_host {
    uint8_t bytes[SKYPEFP_IPV6_LEN];
    uint8_t len;
    uint32_t frame;
};

struct vector_case {
    unsigned line;
    char *name, *source;
    GPtrArray *packets;     /* struct vector_packet */
    GArray *marked;         /* uint32_t: frames */
    GPtrArray *standings;   /* struct vector_standing */
    GArray *hosts;          /* struct vector_host */
    GHashTable *directions; /* the parser's: sequence numbers so far */
    int64_t now_us;
    bool says_nothing;
};

/* The cases of a file, freed with the array, or NULL and a line "file:line: what is wrong" to be freed. */
GPtrArray *vectors_parse(const char *path, char **error);

/* For the parser: a case without anything yet, and one more packet of it. */
struct vector_case *vector_case_new(unsigned line, const char *name);
void vector_case_free(gpointer data);
struct vector_packet *vector_case_add_packet(struct vector_case *in, unsigned line);

skypefp_address vector_address(const struct vector_endpoint *endpoint);

#endif
