/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the headers of IP, UDP and TCP. */
#include "headers.h"

#include "address.h"

enum {
    IPV4_AT_LENGTH = 2,
    IPV4_AT_FRAGMENT = 6,
    IPV4_AT_PROTOCOL = 9,
    IPV4_FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset */
    IPV6_AT_LENGTH = 4,
    IPV6_AT_NEXT = 6,
    IPV6_FRAGMENT_LEN = 8,
    IPV6_AT_FRAGMENT = 2,
    IPV6_FRAGMENT_MASK = 0xfff9,
    UDP_AT_LENGTH = 4,
    TCP_HEADER_LEN = 20,
    TCP_AT_SEQUENCE = 4,
    TCP_AT_ACKNOWLEDGMENT = 8,
    TCP_AT_OFFSET = 12,
    TCP_AT_FLAGS = 13,
};

/* RFC 791:
 *   0: version (4 bits), header length in words (4 bits)   1: type of service   2..3: total length
 *   4..5: identification   6..7: reserved, don't fragment, more fragments, offset in 8 octets (13 bits)
 *   8: time to live   9: protocol   10..11: checksum   12..15: source   16..19: destination   20..: options */
bool skypefp_read_ipv4(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span)
{
    uint32_t header_len = (header[0] & 0x0fu) * 4u;
    uint32_t stated = read_be16(header + IPV4_AT_LENGTH), total = stated == 0 ? frame_len : stated;

    if (header[0] >> 4 != 4 || header_len < SKYPEFP_IPV4_HEADER_LEN || header_len > len || total < header_len) {
        return false;
    }
    span->data = header + header_len;
    span->wire_len = total - header_len;
    span->frame_len = frame_len - header_len;
    span->len = MIN(len - header_len, span->wire_len);
    span->protocol = header[IPV4_AT_PROTOCOL];
    span->is_fragment = (read_be16(header + IPV4_AT_FRAGMENT) & IPV4_FRAGMENT_MASK) != 0;
    return true;
}

/* RFC 8200:
 *   0..3: version (4 bits), traffic class, flow label   4..5: payload length   6: next header   7: hop limit
 *   8..23: source   24..39: destination */
bool skypefp_read_ipv6(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span)
{
    if (header[0] >> 4 != 6) {
        return false;
    }
    uint32_t stated = read_be16(header + IPV6_AT_LENGTH);

    span->data = header + SKYPEFP_IPV6_HEADER_LEN;
    span->frame_len = frame_len - SKYPEFP_IPV6_HEADER_LEN;
    span->wire_len = stated == 0 ? span->frame_len : stated;
    span->len = MIN(len - SKYPEFP_IPV6_HEADER_LEN, span->wire_len);
    span->protocol = header[IPV6_AT_NEXT];
    span->is_fragment = false;
    return true;
}

/* RFC 8200, RFC 4302:
 *   0: next header   1: length in 8 octets without the first 8 (AH: in words less 2)
 *   fragment header, always 8 octets: 2..3: offset in 8 octets (13 bits), reserved, more fragments
 *                                     4..7: identification */
bool skypefp_step_extension(skypefp_span *span)
{
    uint32_t extension_len;

    switch (span->protocol) {
    case SKYPEFP_IP_HOP_BY_HOP:
    case SKYPEFP_IP_ROUTING:
    case SKYPEFP_IP_DESTINATION:
        extension_len = span->len >= 2 ? (span->data[1] + 1u) * 8u : UINT32_MAX;
        break;
    case SKYPEFP_IP_AH:
        extension_len = span->len >= 2 ? (span->data[1] + 2u) * 4u : UINT32_MAX;
        break;
    case SKYPEFP_IP_FRAGMENT:
        extension_len = IPV6_FRAGMENT_LEN;
        if (span->len >= IPV6_FRAGMENT_LEN) {
            span->is_fragment = (read_be16(span->data + IPV6_AT_FRAGMENT) & IPV6_FRAGMENT_MASK) != 0;
        }
        break;
    default:
        return false;
    }
    if (extension_len > span->len) {
        return false;
    }
    span->protocol = span->data[0];
    span->data += extension_len;
    span->len -= extension_len;
    span->wire_len -= extension_len;
    span->frame_len -= extension_len;
    return true;
}

/* RFC 768:
 *   0..1: source port   2..3: destination port   4..5: length, header included   6..7: checksum */
bool skypefp_read_udp(const skypefp_span *span, skypefp_packet *packet)
{
    if (span->len < SKYPEFP_UDP_HEADER_LEN) {
        return false;
    }
    uint32_t udp_len = read_be16(span->data + UDP_AT_LENGTH), room = MIN(span->wire_len, span->frame_len);
    if (udp_len < SKYPEFP_UDP_HEADER_LEN || udp_len > room) {
        udp_len = room; /* as Wireshark takes it, which is what the heuristic is given */
    }
    packet->transport = SKYPEFP_UDP;
    packet->data = span->data + SKYPEFP_UDP_HEADER_LEN;
    packet->wire_len = udp_len - SKYPEFP_UDP_HEADER_LEN;
    packet->len = MIN(span->len - SKYPEFP_UDP_HEADER_LEN, packet->wire_len);
    return true;
}

/* RFC 9293:
 *   0..1: source port   2..3: destination port   4..7: sequence number   8..11: acknowledgment number
 *   12: header length in words (4 bits)   13: flags   14..19: window, checksum, urgent pointer   20..: options */
bool skypefp_read_tcp(const skypefp_span *span, skypefp_packet *packet)
{
    if (span->len < TCP_HEADER_LEN) {
        return false;
    }
    uint32_t header_len = (span->data[TCP_AT_OFFSET] >> 4) * 4u;
    if (header_len < TCP_HEADER_LEN || header_len > span->wire_len) {
        return false;
    }
    packet->transport = SKYPEFP_TCP;
    packet->tcp_seq = read_be32(span->data + TCP_AT_SEQUENCE);
    packet->tcp_ack = read_be32(span->data + TCP_AT_ACKNOWLEDGMENT);
    packet->tcp_flags = span->data[TCP_AT_FLAGS];
    packet->data = span->data + MIN(header_len, span->len);
    packet->wire_len = span->wire_len - header_len;
    packet->len = span->len > header_len ? MIN(span->len - header_len, packet->wire_len) : 0;
    return true;
}
