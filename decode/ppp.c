/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PPP, in HDLC-like framing and over Ethernet, and Cisco's HDLC. */
#include "ppp.h"

enum { PPP_ADDRESS_CONTROL = 0xff03 };

/* Cisco's HDLC:
 *   0: address, 0x0f or 0x8f   1: control 0   2..3: EtherType, or one of Cisco's own */
enum step skypefp_walk_chdlc(struct walk *walk, struct layer layer)
{
    enum {
        HEADER_LEN = 4,
        UNICAST = 0x0f00,
        MULTICAST = 0x8f00,
        KEEPALIVE = 0x8035,
        DISCOVERY = 0x2000,
        IPV4 = 0x0800,
        IPV6 = 0x86dd
    };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint16_t address = read_be16(layer.data), type = read_be16(layer.data + 2);
    if ((address != UNICAST && address != MULTICAST) || (type != IPV4 && type != IPV6)) {
        return type == KEEPALIVE || type == DISCOVERY ? NO_IP : NOT_SURE;
    }
    return go(walk, type == IPV4 ? TO_IPV4 : TO_IPV6, layer_after(layer, HEADER_LEN));
}

/* RFC 1662, HDLC-like framing:
 *   0: address 0xff   1: control 0x03, and the rest as below; often left out. Cisco's HDLC begins with 0x0f or 0x8f. */
enum step skypefp_walk_ppp_hdlc(struct walk *walk, struct layer layer)
{
    if (layer.len < 2) {
        return NO_IP;
    }
    if (read_be16(layer.data) == PPP_ADDRESS_CONTROL) {
        return go(walk, TO_PPP, layer_after(layer, 2));
    }
    return layer.data[0] == 0x00 ? go(walk, TO_PPP, layer) : NOT_SURE;
}

/* RFC 1661:
 *   0..1: protocol; one octet, which is odd, where it was compressed */
enum step skypefp_walk_ppp(struct walk *walk, struct layer layer)
{
    enum { PROTOCOL_LEN = 2, IPV4 = 0x0021, IPV6 = 0x0057, MPLS = 0x0281, CONTROL = 0x8000 };

    if (layer.len < PROTOCOL_LEN) {
        return layer.wire_len < PROTOCOL_LEN ? NO_IP : NOT_SURE;
    }
    bool is_compressed = (layer.data[0] & 1) != 0;
    uint16_t protocol = is_compressed ? layer.data[0] : read_be16(layer.data);
    layer = layer_after(layer, is_compressed ? 1 : PROTOCOL_LEN);
    switch (protocol) {
    case IPV4:
        return go(walk, TO_IP, layer);
    case IPV6:
        return go(walk, TO_IPV6, layer);
    case MPLS:
        return go(walk, TO_MPLS, layer);
    default:
        return protocol >= CONTROL ? NO_IP : NOT_SURE;
    }
}

/* RFC 2516, session stage:
 *   0: version 1, type 1   1: code 0   2..3: session   4..5: length of what follows */
enum step skypefp_walk_pppoe(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 6, AT_LENGTH = 4, VERSION_TYPE_CODE = 0x1100 };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    if (read_be16(layer.data) != VERSION_TYPE_CODE) {
        return NOT_SURE;
    }
    return go(walk, TO_PPP, layer_cut(layer_after(layer, HEADER_LEN), read_be16(layer.data + AT_LENGTH)));
}
