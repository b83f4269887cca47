/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link layers other than Ethernet: loopback, raw IP, Linux cooked, PPP, PPPoE, MPLS. */
#include "layers.h"

enum { MIN_ETHERTYPE = 0x0600, PPP_ADDRESS_CONTROL = 0xff03 };

/* BSD's numbers for IPv4 and IPv6, of which each system has its own. */
static enum outcome walk_family(struct walk *walk, uint32_t family, struct layer layer)
{
    switch (family) {
    case 2:
        return skypefp_walk_ip(walk, layer);
    case 24:
    case 28:
    case 30:
        return skypefp_walk_ipv6(walk, layer);
    default:
        return NOT_SURE;
    }
}

/* BSD loopback:
 *   0..3: protocol family, in the byte order of the machine that captured */
enum outcome skypefp_walk_null(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4, LAST_FAMILY = 255 };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint32_t family = read_be32(layer.data);
    if (family > LAST_FAMILY) {
        family = GUINT32_SWAP_LE_BE(family);
    }
    return walk_family(walk, family, layer_after(layer, HEADER_LEN));
}

/* OpenBSD loopback: the same in network byte order. */
enum outcome skypefp_walk_loop(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4 };

    return layer.len < HEADER_LEN ? NO_IP : walk_family(walk, read_be32(layer.data), layer_after(layer, HEADER_LEN));
}

/* Wireshark looks for headers of PPP that some old systems left in front, so some IPv4 headers are taken for them. */
enum outcome skypefp_walk_raw(struct walk *walk, struct layer layer)
{
    enum { LOOKED_AT = 10 };

    if (layer.len < LOOKED_AT) {
        return NOT_SURE;
    }
    if (read_be16(layer.data) == PPP_ADDRESS_CONTROL || read_be16(layer.data + 1) == PPP_ADDRESS_CONTROL ||
        read_be16(layer.data + 6) == PPP_ADDRESS_CONTROL) {
        return NOT_SURE;
    }
    return skypefp_walk_ip(walk, layer);
}

/* What the protocol field of a Linux cooked header stands for: below 0x0600 are formats of Linux's own. */
static enum outcome walk_cooked(struct walk *walk, uint16_t hardware, uint16_t protocol, struct layer layer)
{
    enum { LAST_PLAIN_HARDWARE = 776, LOOPBACK = 772, NONE = 0xfffe, TUNNEL = 768, TUNNEL6 = 769, CAN = 280 };
    bool is_plain = (hardware <= LAST_PLAIN_HARDWARE && hardware != CAN) || hardware == NONE;

    return is_plain && protocol >= MIN_ETHERTYPE ? skypefp_walk_ethertype(walk, protocol, layer) : NOT_SURE;
}

/* Linux cooked capture:
 *   0..1: direction   2..3: hardware type   4..5: length of the address   6..13: address   14..15: protocol */
enum outcome skypefp_walk_sll(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 16, AT_HARDWARE = 2, AT_PROTOCOL = 14 };

    return layer.len < HEADER_LEN ? NO_IP
                                  : walk_cooked(walk, read_be16(layer.data + AT_HARDWARE), read_be16(layer.data + AT_PROTOCOL),
                                                layer_after(layer, HEADER_LEN));
}

/* Linux cooked capture, version 2:
 *   0..1: protocol   2..3: 0   4..7: interface   8..9: hardware type   10: direction   11: length of the address
 *   12..19: address */
enum outcome skypefp_walk_sll2(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 20, AT_HARDWARE = 8 };

    return layer.len < HEADER_LEN ? NO_IP
                                  : walk_cooked(walk, read_be16(layer.data + AT_HARDWARE), read_be16(layer.data),
                                                layer_after(layer, HEADER_LEN));
}

/* Cisco's HDLC:
 *   0: address, 0x0f or 0x8f   1: control 0   2..3: EtherType, or one of Cisco's own */
enum outcome skypefp_walk_chdlc(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4, UNICAST = 0x0f00, MULTICAST = 0x8f00, KEEPALIVE = 0x8035, DISCOVERY = 0x2000, IPV4 = 0x0800,
           IPV6 = 0x86dd };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint16_t address = read_be16(layer.data), type = read_be16(layer.data + 2);
    if ((address != UNICAST && address != MULTICAST) || (type != IPV4 && type != IPV6)) {
        return type == KEEPALIVE || type == DISCOVERY ? NO_IP : NOT_SURE;
    }
    return skypefp_walk_ethertype(walk, type, layer_after(layer, HEADER_LEN));
}

/* RFC 1662, HDLC-like framing:
 *   0: address 0xff   1: control 0x03, and the rest as below; often left out. Cisco's HDLC begins with 0x0f or 0x8f. */
enum outcome skypefp_walk_ppp_hdlc(struct walk *walk, struct layer layer)
{
    if (layer.len < 2) {
        return NO_IP;
    }
    if (read_be16(layer.data) == PPP_ADDRESS_CONTROL) {
        return skypefp_walk_ppp(walk, layer_after(layer, 2));
    }
    return layer.data[0] == 0x00 ? skypefp_walk_ppp(walk, layer) : NOT_SURE;
}

/* RFC 1661:
 *   0..1: protocol; one octet, which is odd, where it was compressed */
enum outcome skypefp_walk_ppp(struct walk *walk, struct layer layer)
{
    enum { PROTOCOL_LEN = 2, IPV4 = 0x0021, IPV6 = 0x0057, MPLS = 0x0281, CONTROL = 0x8000 };

    if (++walk->n_layers > MAX_LAYERS || layer.len < PROTOCOL_LEN) {
        return layer.wire_len < PROTOCOL_LEN ? NO_IP : NOT_SURE;
    }
    bool is_compressed = (layer.data[0] & 1) != 0;
    uint16_t protocol = is_compressed ? layer.data[0] : read_be16(layer.data);
    layer = layer_after(layer, is_compressed ? 1 : PROTOCOL_LEN);
    switch (protocol) {
    case IPV4:
        return skypefp_walk_ip(walk, layer);
    case IPV6:
        return skypefp_walk_ipv6(walk, layer);
    case MPLS:
        return skypefp_walk_mpls(walk, layer);
    default:
        return protocol >= CONTROL ? NO_IP : NOT_SURE;
    }
}

/* RFC 2516, session stage:
 *   0: version 1, type 1   1: code 0   2..3: session   4..5: length of what follows */
enum outcome skypefp_walk_pppoe(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 6, AT_LENGTH = 4, VERSION_TYPE_CODE = 0x1100 };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    if (read_be16(layer.data) != VERSION_TYPE_CODE) {
        return NOT_SURE;
    }
    return skypefp_walk_ppp(walk, layer_cut(layer_after(layer, HEADER_LEN), read_be16(layer.data + AT_LENGTH)));
}

/* RFC 4448, a frame behind labels, with or without a control word in front; Wireshark decides by the names of manufacturers that it
 * knows. Sure only when there is no packet in either way. */
static enum outcome walk_pseudowire(struct walk *walk, struct layer layer)
{
    enum { CONTROL_LEN = 4 };
    struct walk without = *walk, with = *walk;

    if (walk->is_trial || walk->n_ip > 0) {
        return NOT_SURE;
    }
    without.is_trial = with.is_trial = true;
    enum outcome plain = skypefp_walk_ethernet(&without, layer);
    enum outcome controlled = skypefp_walk_ethernet(&with, layer_after(layer, CONTROL_LEN));
    bool is_quiet = (plain == NO_IP || plain == NO_PACKET) && (controlled == NO_IP || controlled == NO_PACKET);
    return is_quiet ? NO_IP : NOT_SURE;
}

/* RFC 3032, one entry of the stack:
 *   label (20 bits), class (3), bottom of the stack (1), time to live (8)
 * Nothing says what follows the last one; Wireshark and everybody else look at the first half octet. */
enum outcome skypefp_walk_mpls(struct walk *walk, struct layer layer)
{
    enum { ENTRY_LEN = 4, LABEL_SHIFT = 12, BOTTOM = 0x100, EXPLICIT_NULL_4 = 0, EXPLICIT_NULL_6 = 2, LAST_RESERVED = 15 };
    uint32_t entry;

    do {
        if (++walk->n_layers > MAX_LAYERS || layer.len < ENTRY_LEN) {
            return layer.wire_len < ENTRY_LEN ? NO_IP : NOT_SURE;
        }
        entry = read_be32(layer.data);
        layer = layer_after(layer, ENTRY_LEN);
    } while ((entry & BOTTOM) == 0);
    uint32_t label = entry >> LABEL_SHIFT;
    bool is_plain = label > LAST_RESERVED || label == EXPLICIT_NULL_4 || label == EXPLICIT_NULL_6;
    if (!is_plain || layer.len < SKYPEFP_IPV4_HEADER_LEN) {
        return NOT_SURE;
    }
    bool is_ip = (layer.data[0] >> 4 == 4 && (layer.data[0] & 0x0f) >= 5) || layer.data[0] >> 4 == 6;
    return is_ip                    ? skypefp_walk_ip(walk, layer) :
           layer.data[0] >> 4 == 0  ? walk_pseudowire(walk, layer) : NOT_SURE;
}
