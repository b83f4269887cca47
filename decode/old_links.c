/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link layers that are seldom met. */
#include "old_links.h"

#include "ethernet.h"
#include "llc.h"
#include "ppp.h"

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

/* FDDI:
 *   0: frame control, 0x50..0x5f with LLC   1..6: destination   7..12: source */
enum step skypefp_walk_fddi(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 13, WITH_LLC = 0x50, KIND_MASK = 0xf0 };

    if (layer.len < HEADER_LEN || (layer.data[0] & KIND_MASK) != WITH_LLC) {
        return NO_IP;
    }
    return skypefp_walk_llc(walk, layer_after(layer, HEADER_LEN));
}

/* ---- Frame Relay ---- */

enum { UNNUMBERED_INFORMATION = 0x03, UNNUMBERED_MASK = 0x03 };

/* RFC 2427: padding, and
 *   0: what ISO 9577 says, or 0x80 for SNAP */
static enum step walk_identifier(struct walk *walk, struct layer layer, bool is_information)
{
    enum { PADDING = 0, SNAP = 0x80, COMPRESSED = 0xb0 };

    if (layer.len > 0 && layer.data[0] == PADDING) {
        layer = layer_after(layer, 1);
    }
    if (layer.len == 0) {
        return NO_IP;
    }
    if (layer.data[0] == SNAP) {
        return skypefp_walk_snap(walk, layer_after(layer, 1), is_information);
    }
    return layer.data[0] == COMPRESSED ? NOT_SURE : skypefp_walk_osi(walk, layer);
}

/* Without the usual control field: Wireshark guesses, at Cisco's types first. */
static enum step guess_encapsulation(struct walk *walk, struct layer layer)
{
    enum { AT_TYPE = 12 };
    enum step step = skypefp_walk_hdlc_type(walk, layer);

    if (step != NOT_SURE) {
        return step;
    }
    struct layer rest = layer.data[0] == 0 ? layer_after(layer, 1) : layer;
    uint32_t control_len = rest.len > 0 && (rest.data[0] & UNNUMBERED_MASK) == UNNUMBERED_MASK ? 1 : 2;
    static const uint8_t known[] = { 0x00, 0x08, 0x09, 0x80, 0x81, 0x82, 0x83, 0x8e, 0xb0, 0xcc, 0xcf };
    if (rest.len > control_len && memchr(known, rest.data[control_len], sizeof known) != NULL) {
        control_len = (layer.data[0] & UNNUMBERED_MASK) == UNNUMBERED_MASK ? 1 : 2;
        return walk_identifier(walk, layer_after(layer, control_len), (layer.data[0] & 1) == 0);
    }
    if (layer.len < AT_TYPE + 2) {
        return NO_IP;
    }
    /* Perhaps Ethernet with a checksum. */
    return skypefp_walk_ethernet(walk, layer) == NO_IP ? NO_IP : NOT_SURE;
}

/* The number of a circuit, or one that is 0 when it is. */
static uint32_t read_circuit(const uint8_t *address, uint32_t len)
{
    enum { CONTROL = 2 };
    uint32_t circuit = len > 1 ? (address[0] & 0xfcu) | (address[1] & 0xf0u) : 0;

    if (len > 3) {
        circuit |= address[2] & 0xfeu;
    }
    return len > 2 && (address[len - 1] & CONTROL) == 0 ? circuit | (address[len - 1] & 0xfcu) : circuit;
}

/* Q.922:
 *   0: upper 6 bits of the circuit, 2 bits   1: lower 4 bits of it, 4 bits   and control
 *   The last bit of the last octet of the address is 1, of the others 0. */
enum step skypefp_walk_frame_relay(struct walk *walk, struct layer layer)
{
    enum { LAST = 1, EXCHANGE = 0xaf };
    uint32_t address_len = 1;

    while (address_len < layer.len && (layer.data[address_len - 1] & LAST) == 0) {
        address_len++;
    }
    if (address_len >= layer.len) {
        return NO_IP;
    }
    uint32_t circuit = read_circuit(layer.data, address_len);
    layer = layer_after(layer, address_len);
    if (layer.data[0] == UNNUMBERED_INFORMATION) {
        return walk_identifier(walk, layer_after(layer, 1), true);
    }
    if (circuit == 0 || layer.data[0] == EXCHANGE) {
        return NO_IP; /* signalling */
    }
    return layer.len < 2 ? NO_IP : guess_encapsulation(walk, layer);
}

/* ---- others ---- */

/* ARCNET, as Linux has it:
 *   0: source   1: destination   2..3: offset   4: protocol   and for some 3 octets about the fragment */
enum step skypefp_walk_arcnet(struct walk *walk, struct layer layer)
{
    enum {
        HEADER_LEN = 5,
        AT_PROTOCOL = 4,
        FRAGMENT_LEN = 3,
        IPV6 = 196,
        BACNET = 205,
        IPV4 = 212,
        OLD_IPV4 = 240,
        BANYAN = 247
    };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint8_t protocol = layer.data[AT_PROTOCOL];
    if (protocol == OLD_IPV4) {
        return go(walk, TO_IP, layer_after(layer, HEADER_LEN));
    }
    if (protocol == BACNET || protocol == BANYAN) {
        return NOT_SURE;
    }
    if ((protocol != IPV4 && protocol != IPV6) || layer.len < HEADER_LEN + FRAGMENT_LEN) {
        return NO_IP;
    }
    return go(walk, protocol == IPV4 ? TO_IP : TO_IPV6, layer_after(layer, HEADER_LEN + FRAGMENT_LEN));
}

/* Juniper's routers:
 *   0..2: "MGC"; old ones leave all of it out   3: flags   with one of them: 4..5: length of extensions, and those
 *
 * What comes after it is in *rest. False: there is something else in it. */
static bool take_juniper_header(struct layer layer, struct layer *rest)
{
    enum { HEADER_LEN = 4, AT_FLAGS = 3, WITHOUT_LINK = 0x02, EXTENDED = 0x80, EXTENSIONS_AT = 6 };

    *rest = layer;
    if (layer.len < HEADER_LEN || memcmp(layer.data, "MGC", 3) != 0) {
        return layer.len >= HEADER_LEN;
    }
    uint32_t len = HEADER_LEN;
    if ((layer.data[AT_FLAGS] & EXTENDED) != 0) {
        len = layer.len < EXTENSIONS_AT ? UINT32_MAX : (uint32_t)EXTENSIONS_AT + read_be16(layer.data + HEADER_LEN);
    }
    if (len > layer.len || (layer.data[AT_FLAGS] & WITHOUT_LINK) != 0) {
        return false;
    }
    *rest = layer_after(layer, len);
    return true;
}

/* ATM: a cookie of 4 octets, and LLC, an identifier of ISO 9577 after 0x03, or IP; something else is data. */
enum step skypefp_walk_juniper_atm(struct walk *walk, struct layer layer)
{
    enum { COOKIE_LEN = 4, READ_LEN = 8, OAM = 0x80 };
    struct layer rest;

    if (layer.len < READ_LEN) {
        return NO_IP; /* Wireshark reads as much in any case */
    }
    if (!take_juniper_header(layer, &rest)) {
        return NOT_SURE;
    }
    if (rest.len < READ_LEN || rest.data[0] == OAM) {
        return NO_IP;
    }
    rest = layer_after(rest, COOKIE_LEN);
    uint32_t first = read_be32(rest.data) >> 8;
    if (first == 0xfefe03 || first == 0xaaaa03) {
        return skypefp_walk_llc(walk, rest);
    }
    return rest.data[0] == UNNUMBERED_INFORMATION || rest.data[0] >> 4 == 4 || rest.data[0] >> 4 == 6 ? NOT_SURE
                                                                                                      : NO_IP;
}

enum step skypefp_walk_juniper_ethernet(struct walk *walk, struct layer layer)
{
    struct layer rest;

    return take_juniper_header(layer, &rest) ? skypefp_walk_ethernet(walk, rest) : NOT_SURE;
}

/* Solaris:
 *   0: version   1: family, 2 or 26   2..3: hook   4..7: length of the packet, which ends the frame */
enum step skypefp_walk_ipnet(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 24, AT_LENGTH = 4, IPV4 = 2, IPV6 = 26 };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint32_t packet_len = read_be32(layer.data + AT_LENGTH);
    if (packet_len > layer.len) {
        return NOT_SURE;
    }
    uint8_t family = layer.data[1];
    layer = layer_after(layer, layer.len - packet_len);
    return family == IPV4 ? go(walk, TO_IP, layer) : family == IPV6 ? go(walk, TO_IPV6, layer) : NO_IP;
}

/* Linux's firewall log, numbers of values in the byte order of the machine:
 *   0: family, 2 or 10   1: version   2..3: number   and values:
 *   0..1: length, all of it   2..3: kind, 1: header with an EtherType first, 9: the packet
 *   4..: value, padded to 4 octets */
enum step skypefp_walk_nflog(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4, VALUE_AT = 4, KIND_MASK = 0x7fff, HEADER = 1, PAYLOAD = 9, IPV4 = 2, IPV6 = 10 };
    struct layer payload = { .data = NULL };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint8_t family = layer.data[0];
    walk->type = 0;
    for (layer = layer_after(layer, HEADER_LEN); layer.wire_len >= VALUE_AT;) {
        uint16_t len, kind;
        if (layer.len < VALUE_AT) {
            return NO_IP;
        }
        memcpy(&len, layer.data, sizeof len);
        memcpy(&kind, layer.data + 2, sizeof kind);
        kind &= KIND_MASK;
        if (len < VALUE_AT) {
            return NO_IP;
        }
        if (len > layer.len) {
            return NOT_SURE;
        }
        if (kind == HEADER && len == VALUE_AT + 4) {
            walk->type = read_be16(layer.data + VALUE_AT);
        } else if (kind == PAYLOAD) {
            payload = make_layer(layer.data + VALUE_AT, len - VALUE_AT, len - VALUE_AT, false);
        }
        uint32_t padded_len = (len + 3u) / 4 * 4;
        if (padded_len > layer.len) {
            break; /* Wireshark stops at the end of what was captured */
        }
        layer = layer_after(layer, padded_len);
    }
    if (payload.data == NULL) {
        return NO_IP;
    }
    return walk->type != 0  ? go(walk, TO_ETHERTYPE, payload)
           : family == IPV4 ? go(walk, TO_IP, payload)
           : family == IPV6 ? go(walk, TO_IPV6, payload)
                            : NO_IP;
}

/* IP over InfiniBand:
 *   0..39: global route   40..41: EtherType   42..43: 0 */
enum step skypefp_walk_infiniband(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 44, AT_TYPE = 40 };

    if (layer.len < HEADER_LEN) {
        return NO_IP;
    }
    uint16_t type = read_be16(layer.data + AT_TYPE);
    layer = layer_after(layer, HEADER_LEN);
    return type == TYPE_IPV4 ? go(walk, TO_IP, layer) : type == TYPE_IPV6 ? go(walk, TO_IPV6, layer) : NO_IP;
}
