/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a fuzzer's octets into limits, addresses and a sequence of packets.
 *
 *   limits(4)                  endpoints, requests, streams, findings: each 1 + octet % 64
 *   n(1)                       1 + n % 16 endpoints, each: family(1) address(4 or 16) port(2); an odd family is IPv6
 *   packets to the end, each:  how(1) ends(1) time(1 or 8) [flags(1) seq(1 or 4)] [cut(1)] len(1 or 2) data
 *
 * how: HOW_* below. ends: source in bits 0-3, destination in bits 4-7. flags: the acknowledgment's lead in bits 6-7.
 * What is missing at the end of the input is zero. Any octets are a valid input, and whatever a capture holds can be
 * said: make-corpus.py does. */
#ifndef SKYPEFP_FUZZ_PACKETS_H
#define SKYPEFP_FUZZ_PACKETS_H

#include "skypefp.h"

enum {
    HOW_TCP = 0x01,
    HOW_SAME_FRAME = 0x02, /* UDP: another message of the last frame, as in a tunnel */
    HOW_CUT = 0x04,        /* cut octets more were on the wire */
    HOW_TEMPLATE = 0x08,   /* data is made from a template: len names it */
    HOW_SEQUENCE = 0x10,   /* TCP: seq is the whole number; otherwise a signed distance from where the side stands */
    HOW_LONG = 0x20,       /* len has two octets */
    HOW_TIME = 0xc0, /* 00: milliseconds on, 40: seconds on, 80: seconds back, c0: the whole time in microseconds */

    MAX_ENDS = 16,
    MAX_DATA = 2048
};

struct packets {
    const uint8_t *at, *end; /* what is left of the input */
    skypefp_config limits;
    unsigned n_ends;
    uint8_t address[MAX_ENDS][SKYPEFP_IPV6_LEN];
    skypefp_address ends[MAX_ENDS];
    uint32_t sequence[MAX_ENDS][MAX_ENDS]; /* where each side stands */
    uint32_t frame;
    int64_t time_us;
    uint8_t *data; /* of the last packet, allocated exactly, or NULL; the caller's to free */
    uint32_t iv;   /* of the templates' generator */
    uint16_t id;   /* of the templates' counter */
};

/* Reads limits and endpoints. The input is borrowed. */
void packets_begin(struct packets *packets, const uint8_t *input, size_t n);

/* The next packet; false at the end. */
bool packets_next(struct packets *packets, skypefp_packet *packet);

#endif
