/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnels: GRE and ERSPAN on IP; VXLAN, GTP-U, Geneve, Teredo and L2TP on UDP. */
#include "tunnels.h"

#include "doubts.h"
#include "owned_ports.h"

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_MPLS = 0x8847,
    TYPE_PPP = 0x880b,
    TYPE_BRIDGED = 0x6558,
    VLAN_ID_MASK = 0x0fff
};

/* ERSPAN II, in GRE with a sequence number:
 *   0..1: version 1 (4 bits), VLAN   2..3: class, encapsulation, truncated, session   4..7: index, and a frame */
static enum step walk_erspan_2(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 8, VERSION = 1, TAG_MASK = 0x1800, TAG_KEPT = 0x1800 };

    if (layer.len < HEADER_LEN) {
        return layer.wire_len < HEADER_LEN ? NO_IP : NOT_SURE;
    }
    if (layer.data[0] >> 4 != VERSION) {
        return NOT_SURE;
    }
    uint16_t vlan = read_be16(layer.data) & VLAN_ID_MASK, kept = read_be16(layer.data + 2) & TAG_MASK;
    note_vlan(walk, kept == TAG_KEPT ? 0 : vlan); /* kept: the tag is in the frame */
    return go(walk, TO_ETHERNET, layer_after(layer, HEADER_LEN));
}

/* ERSPAN III:
 *   0..1: version 2 (4 bits), VLAN   2..3: as above   4..7: time   8..9: group
 *   10..11: protocol unit, type of frame (5 bits, from bit 10 on; 0 is Ethernet), hardware, direction, granularity,
 *           and in the last bit whether 8 octets of the platform follow */
static enum step walk_erspan_3(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 12, PLATFORM_LEN = 8, VERSION = 2, AT_TYPE = 10, TYPE_MASK = 0x7c00, PLATFORM = 1 };

    if (layer.len < HEADER_LEN + PLATFORM_LEN) {
        return layer.wire_len < HEADER_LEN ? NO_IP : NOT_SURE;
    }
    uint16_t bits = read_be16(layer.data + AT_TYPE);
    if (layer.data[0] >> 4 != VERSION || (bits & TYPE_MASK) != 0) {
        return NOT_SURE;
    }
    walk->vlan = read_be16(layer.data) & VLAN_ID_MASK; /* whatever tags were in front */
    return go(walk, TO_ETHERNET, layer_after(layer, HEADER_LEN + ((bits & PLATFORM) != 0 ? PLATFORM_LEN : 0)));
}

/* Cisco's WCCP: version 2 has 4 octets in front of an IPv4 packet, which are taken for that if they begin as one. */
static enum step walk_redirected(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4, IPV4_BEGINNING = 0x40 };

    if (layer.len == 0) {
        return NOT_SURE;
    }
    if ((layer.data[0] & 0xf0) == IPV4_BEGINNING) {
        return go(walk, TO_IP, layer);
    }
    return layer.len < HEADER_LEN ? NOT_SURE : go(walk, TO_IP, layer_after(layer, HEADER_LEN));
}

/* RFC 2784, 2890, 2637:
 *   0..1: checksum, routing, key, sequence number (a bit each, from the first on), acknowledgment (bit 8),
 *         version (last 3 bits)
 *   2..3: type   and as the bits say: 4 octets of checksum and offset, of key, of sequence number, of acknowledgment */
enum step skypefp_walk_gre(struct walk *walk, struct layer layer)
{
    enum {
        HEADER_LEN = 4,
        CHECKSUM = 0x8000,
        ROUTING = 0x4000,
        KEY = 0x2000,
        SEQUENCE = 0x1000,
        ACKNOWLEDGMENT = 0x0080,
        VERSION_MASK = 7,
        TYPE_ERSPAN_2 = 0x88be,
        TYPE_ERSPAN_3 = 0x22eb,
        TYPE_REDIRECTED = 0x883e
    };

    if (layer.len < HEADER_LEN) {
        return layer.wire_len < HEADER_LEN ? NO_IP : NOT_SURE;
    }
    uint16_t flags = read_be16(layer.data), type = read_be16(layer.data + 2), version = flags & VERSION_MASK;
    bool is_plain =
        (flags & ROUTING) == 0 && (version == 0 ? (flags & ACKNOWLEDGMENT) == 0 : version == 1 && type == TYPE_PPP);
    uint32_t header_len = HEADER_LEN + ((flags & CHECKSUM) != 0 ? 4u : 0) + ((flags & KEY) != 0 ? 4u : 0) +
                          ((flags & SEQUENCE) != 0 ? 4u : 0) + ((flags & ACKNOWLEDGMENT) != 0 ? 4u : 0);
    if (!is_plain || layer.len < header_len) {
        return NOT_SURE;
    }
    layer = layer_after(layer, header_len);
    if (layer.wire_len == 0) {
        return NO_IP;
    }
    switch (type) {
    case TYPE_IPV4:
        return go(walk, TO_IP, layer);
    case TYPE_IPV6:
        return go(walk, TO_IPV6, layer);
    case TYPE_BRIDGED:
        return go(walk, TO_ETHERNET, layer);
    case TYPE_MPLS:
        return go(walk, TO_MPLS, layer);
    case TYPE_PPP:
        return go(walk, TO_PPP_HDLC, layer);
    case TYPE_ERSPAN_2:
        return (flags & SEQUENCE) != 0 ? walk_erspan_2(walk, layer) : go(walk, TO_ETHERNET, layer);
    case TYPE_ERSPAN_3:
        return walk_erspan_3(walk, layer);
    case TYPE_REDIRECTED:
        return header_len == HEADER_LEN ? walk_redirected(walk, layer) : NOT_SURE;
    default:
        return NOT_SURE;
    }
}

/* RFC 7348:
 *   0..3: flags   4..6: network identifier   7: 0, and a frame */
static enum step walk_vxlan(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 8 };

    return layer.len < HEADER_LEN ? NO_IP : go(walk, TO_ETHERNET, layer_after(layer, HEADER_LEN));
}

/* 3GPP TS 29.281:
 *   0: version 1 (3 bits), type of protocol 1, 0, extension, sequence number, N-PDU number (a bit each)
 *   1: type of message   2..3: length   4..7: tunnel
 *   with one of the three bits: 8..9: sequence number   10: N-PDU number   11: next extension */
static enum step walk_gtp(struct walk *walk, struct layer layer)
{
    enum {
        HEADER_LEN = 8,
        AT_LENGTH = 2,
        OPTIONAL_LEN = 4,
        VERSION_TYPE_MASK = 0xf0,
        VERSION_1_GTP = 0x30,
        EXTENSION = 4,
        OPTIONAL = 7,
        ECHO_REQUEST = 1,
        ECHO_RESPONSE = 2,
        ERROR = 26,
        EXTENSIONS = 31,
        END_MARKER = 254,
        PACKET_MESSAGE = 255
    };

    if (layer.len < HEADER_LEN) {
        return layer.wire_len < HEADER_LEN ? NO_IP : NOT_SURE;
    }
    uint8_t flags = layer.data[0], message = layer.data[1];
    bool is_whole = read_be16(layer.data + AT_LENGTH) == layer.wire_len - HEADER_LEN;
    if ((flags & VERSION_TYPE_MASK) != VERSION_1_GTP || (flags & EXTENSION) != 0 || !is_whole) {
        return NOT_SURE;
    }
    if (message == ECHO_REQUEST || message == ECHO_RESPONSE || message == ERROR || message == EXTENSIONS ||
        message == END_MARKER) {
        return NO_IP;
    }
    uint32_t header_len = HEADER_LEN + ((flags & OPTIONAL) != 0 ? OPTIONAL_LEN : 0u);
    if (message != PACKET_MESSAGE || layer.len <= header_len) {
        return NOT_SURE;
    }
    layer = layer_after(layer, header_len);
    /* Other than IP is PPP or Ethernet; nothing says which. */
    bool is_ip = (layer.data[0] >= 0x45 && layer.data[0] <= 0x4e) || layer.data[0] >> 4 == 6;
    return is_ip ? go_to_ip(walk, layer) : NOT_SURE;
}

/* RFC 8926:
 *   0: version 0 (2 bits), length of the options in words   1: flags   2..3: type   4..6: network identifier   7: 0 */
static enum step walk_geneve(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 8, AT_TYPE = 2, OPTIONS_MASK = 0x3f, VERSION_SHIFT = 6 };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint32_t header_len = HEADER_LEN + (layer.data[0] & OPTIONS_MASK) * 4u;
    if (layer.data[0] >> VERSION_SHIFT != 0 || layer.len < header_len) {
        return NOT_SURE;
    }
    walk->type = read_be16(layer.data + AT_TYPE);
    return go(walk, TO_ETHERTYPE, layer_after(layer, header_len));
}

/* RFC 4380, in front of an IPv6 packet:
 *   0..1: 1, authentication: 2: length of the identifier   3: length of the value
 *                            4..: both, nonce (8), confirmation (1)
 *   0..1: 0, origin: 2..3: port   4..7: address */
static enum step walk_teredo(struct walk *walk, struct layer layer)
{
    enum { AUTHENTICATION = 1, AUTHENTICATION_LEN = 13, ORIGIN = 0, ORIGIN_LEN = 8 };

    if (layer.len >= 4 && read_be16(layer.data) == AUTHENTICATION) {
        uint32_t len = AUTHENTICATION_LEN + (uint32_t)layer.data[2] + layer.data[3];
        if (layer.len < len) {
            return NOT_SURE;
        }
        layer = layer_after(layer, len);
    }
    if (layer.len >= ORIGIN_LEN && read_be16(layer.data) == ORIGIN) {
        layer = layer_after(layer, ORIGIN_LEN);
    }
    if (layer.wire_len == 0) {
        return NO_IP;
    }
    return layer.len > 0 && layer.data[0] >> 4 == 6 ? go(walk, TO_IPV6, layer) : NOT_SURE;
}

/* RFC 2661:
 *   0..1: control, length, 0, 0, sequence, 0, offset (a bit each, from the first on), version 2 (last 4 bits)
 *   with the length bit: 2 octets of it   tunnel (2)   session (2)   with the sequence bit: 4 octets   and PPP */
static enum step walk_l2tp(struct walk *walk, struct layer layer)
{
    enum {
        CONTROL = 0x8000,
        LENGTH = 0x4000,
        SEQUENCE = 0x0800,
        OFFSET = 0x0200,
        RESERVED = 0x34f0,
        VERSION_MASK = 0x0f,
        VERSION = 2,
        MIN_LEN = 6
    };

    if (layer.len < MIN_LEN) {
        return layer.wire_len < 2 ? NO_IP : NOT_SURE;
    }
    uint16_t flags = read_be16(layer.data);
    bool is_whole = (flags & LENGTH) == 0 || read_be16(layer.data + 2) == layer.wire_len;
    if ((flags & VERSION_MASK) != VERSION || (flags & RESERVED) != 0 || !is_whole) {
        return NOT_SURE;
    }
    if ((flags & CONTROL) != 0) {
        return NO_IP;
    }
    uint32_t header_len = MIN_LEN + ((flags & LENGTH) != 0 ? 2u : 0) + ((flags & SEQUENCE) != 0 ? 4u : 0);
    if ((flags & OFFSET) != 0) {
        header_len += 2u + (layer.len >= header_len + 2 ? read_be16(layer.data + header_len) : 0);
    }
    return layer.len < header_len ? NOT_SURE : go(walk, TO_PPP_HDLC, layer_after(layer, header_len));
}

typedef enum step tunnel_walker(struct walk *walk, struct layer layer);

/* The walker of the tunnel that a port belongs to; NULL: of none. */
static tunnel_walker *find_walker(uint16_t port)
{
    switch (port) {
    case 1701:
        return walk_l2tp;
    case 2152:
        return walk_gtp;
    case 3544:
        return walk_teredo;
    case 4789:
        return walk_vxlan;
    case 6081:
        return walk_geneve;
    default:
        return NULL;
    }
}

/* Wireshark asks the dissector of the lower port first, and L2TP may move to another port on one side, which it
 * remembers. */
enum step skypefp_walk_udp_tunnel(struct walk *walk, uint16_t src_port, uint16_t dst_port, struct layer layer)
{
    tunnel_walker *by_src = find_walker(src_port), *by_dst = find_walker(dst_port);

    if (by_src == NULL && by_dst == NULL) {
        return NO_IP;
    }
    bool is_clear = by_src == by_dst ||
                    (by_dst == NULL && by_src != walk_l2tp && !skypefp_is_owned_udp_port(dst_port)) ||
                    (by_src == NULL && by_dst != walk_l2tp && !skypefp_is_owned_udp_port(src_port));
    if (!is_clear) {
        return NOT_SURE;
    }
    return by_src != NULL ? by_src(walk, layer) : by_dst(walk, layer);
}
