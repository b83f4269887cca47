/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the headers of IPv6; those that nearly every packet has are inline in headers.h. */
#include "headers.h"

enum {
    IPV6_AT_LENGTH = 4,
    IPV6_AT_NEXT = 6,
    IPV6_FRAGMENT_LEN = 8,
    IPV6_AT_FRAGMENT = 2,
    IPV6_FRAGMENT_MASK = 0xfff9,
};

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
