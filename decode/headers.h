/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers of IP, UDP and TCP: what Wireshark and the plugin make of their lengths, in one place.
 *
 * Captures that were cut and lost the frames' lengths exist, so what an IP header says of its length is believed
 * beyond the frame. Inline: what nearly every packet has. */
#ifndef SKYPEFP_HEADERS_H
#define SKYPEFP_HEADERS_H

#include "address.h"
#include "skypefp.h"

enum {
    SKYPEFP_IPV4_HEADER_LEN = 20,
    SKYPEFP_IPV6_HEADER_LEN = 40,
    SKYPEFP_UDP_HEADER_LEN = 8,
    SKYPEFP_TCP_HEADER_LEN = 20,
};

/* Where the fields of an IPv4 header are; RFC 791:
 *   0: version (4 bits), header length in words (4 bits)   1: type of service   2..3: total length
 *   4..5: identification   6..7: reserved, don't fragment, more fragments, offset in 8 octets (13 bits)
 *   8: time to live   9: protocol   10..11: checksum   12..15: source   16..19: destination   20..: options */
enum {
    SKYPEFP_IPV4_AT_LENGTH = 2,
    SKYPEFP_IPV4_AT_FRAGMENT = 6,
    SKYPEFP_IPV4_AT_PROTOCOL = 9,
    SKYPEFP_IPV4_AT_SRC = 12,
    SKYPEFP_IPV4_AT_DST = 16,
    SKYPEFP_IPV4_FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset */
};

/* Of a TCP header; RFC 9293:
 *   0..1: source port   2..3: destination port   4..7: sequence number   8..11: acknowledgment number
 *   12: header length in words (4 bits)   13: flags   14..19: window, checksum, urgent pointer   20..: options */
enum {
    SKYPEFP_TCP_AT_SEQUENCE = 4,
    SKYPEFP_TCP_AT_ACKNOWLEDGMENT = 8,
    SKYPEFP_TCP_AT_OFFSET = 12,
    SKYPEFP_TCP_AT_FLAGS = 13,
};

/* Of a UDP header; RFC 768:
 *   0..1: source port   2..3: destination port   4..5: length, header included   6..7: checksum */
enum { SKYPEFP_UDP_AT_LENGTH = 4 };

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
static inline bool skypefp_read_ipv4(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span)
{
    uint32_t header_len = (header[0] & 0x0fu) * 4u;
    uint32_t stated = read_be16(header + SKYPEFP_IPV4_AT_LENGTH), total = stated == 0 ? frame_len : stated;

    if (header[0] >> 4 != 4 || header_len < SKYPEFP_IPV4_HEADER_LEN || header_len > len || total < header_len) {
        return false;
    }
    span->data = header + header_len;
    span->wire_len = total - header_len;
    span->frame_len = frame_len - header_len;
    span->len = MIN(len - header_len, span->wire_len);
    span->protocol = header[SKYPEFP_IPV4_AT_PROTOCOL];
    span->is_fragment = (read_be16(header + SKYPEFP_IPV4_AT_FRAGMENT) & SKYPEFP_IPV4_FRAGMENT_MASK) != 0;
    return true;
}

/* Reads an IPv6 header alone; the same with at least 40 octets, and a payload length of 0. */
bool skypefp_read_ipv6(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span);

/* Steps over the extension header that a span begins with. False when it does not begin with one that was captured
 * whole. */
bool skypefp_step_extension(skypefp_span *span);

/* Fills in transport, payload, lengths and, for TCP, numbers and flags. False when the header was not captured
 * whole, or is malformed. Addresses and ports stay as they are. */
static inline bool skypefp_read_udp(const skypefp_span *span, skypefp_packet *packet)
{
    if (span->len < SKYPEFP_UDP_HEADER_LEN) {
        return false;
    }
    uint32_t udp_len = read_be16(span->data + SKYPEFP_UDP_AT_LENGTH), room = MIN(span->wire_len, span->frame_len);
    if (udp_len < SKYPEFP_UDP_HEADER_LEN || udp_len > room) {
        udp_len = room; /* as Wireshark takes it, which is what the heuristic is given */
    }
    packet->transport = SKYPEFP_UDP;
    packet->data = span->data + SKYPEFP_UDP_HEADER_LEN;
    packet->wire_len = udp_len - SKYPEFP_UDP_HEADER_LEN;
    packet->len = MIN(span->len - SKYPEFP_UDP_HEADER_LEN, packet->wire_len);
    return true;
}

/* The same for TCP. */
static inline bool skypefp_read_tcp(const skypefp_span *span, skypefp_packet *packet)
{
    if (span->len < SKYPEFP_TCP_HEADER_LEN) {
        return false;
    }
    uint32_t header_len = (span->data[SKYPEFP_TCP_AT_OFFSET] >> 4) * 4u;
    if (header_len < SKYPEFP_TCP_HEADER_LEN || header_len > span->wire_len) {
        return false;
    }
    packet->transport = SKYPEFP_TCP;
    packet->tcp_seq = read_be32(span->data + SKYPEFP_TCP_AT_SEQUENCE);
    packet->tcp_ack = read_be32(span->data + SKYPEFP_TCP_AT_ACKNOWLEDGMENT);
    packet->tcp_flags = span->data[SKYPEFP_TCP_AT_FLAGS];
    packet->data = span->data + MIN(header_len, span->len);
    packet->wire_len = span->wire_len - header_len;
    packet->len = span->len > header_len ? MIN(span->len - header_len, packet->wire_len) : 0;
    return true;
}

#endif
