/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers of IP, UDP and TCP: what Wireshark and the plugin make of their lengths, in one place.
 *
 * Captures that were cut and lost the frames' lengths exist, so what an IP header says of its length is believed
 * beyond the frame. */
#ifndef SKYPEFP_HEADERS_H
#define SKYPEFP_HEADERS_H

#include "skypefp.h"

enum {
    SKYPEFP_IPV4_HEADER_LEN = 20,
    SKYPEFP_IPV6_HEADER_LEN = 40,
    SKYPEFP_UDP_HEADER_LEN = 8,
};

/* Protocol numbers of IP. */
enum {
    SKYPEFP_IP_HOP_BY_HOP = 0,
    SKYPEFP_IP_ICMP = 1,
    SKYPEFP_IP_IPV4 = 4,
    SKYPEFP_IP_TCP = 6,
    SKYPEFP_IP_UDP = 17,
    SKYPEFP_IP_IPV6 = 41,
    SKYPEFP_IP_ROUTING = 43,
    SKYPEFP_IP_FRAGMENT = 44,
    SKYPEFP_IP_GRE = 47,
    SKYPEFP_IP_AH = 51,
    SKYPEFP_IP_ICMPV6 = 58,
    SKYPEFP_IP_DESTINATION = 60,
};

/* What follows an IP header. */
typedef struct skypefp_span {
    const uint8_t *data;
    uint32_t len;       /* octets that were captured */
    uint32_t wire_len;  /* octets on the wire, as the header says */
    uint32_t frame_len; /* octets on the wire, as the frame says */
    uint8_t protocol;
    bool is_fragment; /* of a datagram that has others */
} skypefp_span;

/* Reads an IPv4 header. len: captured octets from the header on, at least 20; frame_len: octets on the wire from
 * there on. A total length of 0 is segmentation offload: the frame's own length counts. False: it is not a header of
 * version 4 that was captured whole, or its lengths contradict each other. */
bool skypefp_read_ipv4(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span);

/* Reads an IPv6 header alone; the same with at least 40 octets, and a payload length of 0. */
bool skypefp_read_ipv6(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span);

/* Steps over the extension header that a span begins with. False when it does not begin with one that was captured
 * whole. */
bool skypefp_step_extension(skypefp_span *span);

/* Fills in transport, payload, lengths and, for TCP, numbers and flags. False when the header was not captured
 * whole, or is malformed. Addresses and ports stay as they are. */
bool skypefp_read_udp(const skypefp_span *span, skypefp_packet *packet);
bool skypefp_read_tcp(const skypefp_span *span, skypefp_packet *packet);

#endif
