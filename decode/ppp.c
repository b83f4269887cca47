/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PPP, in HDLC-like framing and over Ethernet, and Cisco's HDLC. */
#include "ppp.h"

/* Of the types that Wireshark knows on HDLC, those that may lead to IP and are not walked. */
static bool is_carrier(uint16_t type)
{
    enum { IDP = 0x0600 };

    return type == IDP;
}

/* The layer begins at the type. Of the dozen types that Wireshark knows the answer is sure; NOT_SURE for others. A
 * padding octet may precede OSI. */
enum step skypefp_walk_hdlc_type(struct walk *walk, struct layer layer)
{
    enum { TYPE_LEN = 2, OSI = 0xfefe, CLNP = 0x81, ES_IS = 0x82, IS_IS = 0x83 };
    uint16_t type = read_be16(layer.data);

    if (layer.len <= TYPE_LEN) {
        return NOT_SURE;
    }
    layer = layer_after(layer, TYPE_LEN);
    switch (type) {
    case 0x0800:
        return go(walk, TO_IP, layer);
    case 0x86dd:
        return go(walk, TO_IPV6, layer);
    case 0x8847:
    case 0x8848:
        return go(walk, TO_MPLS, layer);
    case 0x6558:
        return go(walk, TO_ETHERNET, layer);
    case OSI:
        if (layer.data[0] != CLNP && layer.data[0] != ES_IS && layer.data[0] != IS_IS) {
            layer = layer_after(layer, 1);
        }
        return go(walk, TO_OSI, layer);
    case 0x0111:
    case 0x2000:
    case 0x4242:
    case 0x6003:
    case 0x8035:
    case 0x8038:
    case 0x809b:
    case 0x80f3:
    case 0x8137: /* discovery, spanning tree, keep-alives, and protocols with addresses of their own */
        return walk->n_ip > 0 ? NOT_SURE : NO_IP;
    default:
        return NOT_SURE;
    }
}

/* Cisco's HDLC:
 *   0: address   1: control   2..3: EtherType, or one of Cisco's own */
enum step skypefp_walk_chdlc(struct walk *walk, struct layer layer)
{
    enum { AT_TYPE = 2, HEADER_LEN = 4 };

    if (layer.len <= HEADER_LEN) {
        return layer.wire_len <= HEADER_LEN || layer.len < HEADER_LEN ? NO_IP : NOT_SURE;
    }
    enum step step = skypefp_walk_hdlc_type(walk, layer_after(layer, AT_TYPE));
    return step == NOT_SURE && !is_carrier(read_be16(layer.data + AT_TYPE)) ? NO_IP : step;
}

/* RFC 1662, HDLC-like framing:
 *   0: address 0xff   1: control 0x03, and the rest as below; often left out. Cisco's HDLC begins with 0x0f or 0x8f. */
enum step skypefp_walk_ppp_hdlc(struct walk *walk, struct layer layer)
{
    enum { ADDRESS = 0xff, HDLC_UNICAST = 0x0f, HDLC_MULTICAST = 0x8f };

    if (layer.len < 2) {
        return NO_IP;
    }
    if (layer.data[0] == HDLC_UNICAST || layer.data[0] == HDLC_MULTICAST) {
        return go(walk, TO_CISCO_HDLC, layer);
    }
    return go(walk, TO_PPP, layer.data[0] == ADDRESS ? layer_after(layer, 2) : layer);
}

/* Protocols of PPP that may carry IP: compressed headers and frames, several links together, LLC, bridges, SNA,
 * VINES. */
static bool is_carried(uint16_t protocol)
{
    static const uint16_t carriers[] = {
        0x002d, 0x002f, 0x0031, 0x0035, 0x003d, 0x004b, 0x004d, 0x0053, 0x0055, 0x0059, 0x005b, 0x0061,
        0x0063, 0x0065, 0x0067, 0x0069, 0x00fb, 0x00fd, 0x2063, 0x2065, 0x2067, 0x2069, 0x4021, 0x405b,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
        if (carriers[i] == protocol) {
            return true;
        }
    }
    return false;
}

/* RFC 1661:
 *   0..1: protocol; one octet, which is odd, where it was compressed */
enum step skypefp_walk_ppp(struct walk *walk, struct layer layer)
{
    enum { PROTOCOL_LEN = 2, CONTROL = 0x8000 };

    if (layer.len < PROTOCOL_LEN) {
        return layer.wire_len < PROTOCOL_LEN ? NO_IP : NOT_SURE;
    }
    bool is_compressed = (layer.data[0] & 1) != 0;
    uint16_t protocol = is_compressed ? layer.data[0] : read_be16(layer.data);
    layer = layer_after(layer, is_compressed ? 1 : PROTOCOL_LEN);
    switch (protocol) {
    case 0x0021:
    case 0x0800:
        return go(walk, TO_IP, layer);
    case 0x0057:
    case 0x86dd:
        return go(walk, TO_IPV6, layer);
    case 0x0281:
    case 0x0283:
        return go(walk, TO_MPLS, layer);
    case 0x0023:
        return go(walk, TO_OSI, layer);
    default:
        return is_carried(protocol) ? NOT_SURE : protocol >= CONTROL || walk->n_ip == 0 ? NO_IP : NOT_SURE;
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
