/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link layers with little in them: loopback, raw IP, Linux cooked. */
#include "link.h"

enum { MIN_ETHERTYPE = 0x0600, PPP_ADDRESS_CONTROL = 0xff03 };

/* BSD's numbers for IPv4 and IPv6, of which each system has its own. */
static enum step walk_family(struct walk *walk, uint32_t family, struct layer layer)
{
    switch (family) {
    case 2:
        return go(walk, TO_IP, layer);
    case 24:
    case 28:
    case 30:
        return go(walk, TO_IPV6, layer);
    default:
        return NOT_SURE;
    }
}

/* BSD loopback:
 *   0..3: protocol family, in the byte order of the machine that captured */
enum step skypefp_walk_null(struct walk *walk, struct layer layer)
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
enum step skypefp_walk_loop(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4 };

    return layer.len < HEADER_LEN ? NO_IP : walk_family(walk, read_be32(layer.data), layer_after(layer, HEADER_LEN));
}

/* Wireshark looks for headers of PPP that some old systems left in front, so some IPv4 headers are taken for them. */
enum step skypefp_walk_raw(struct walk *walk, struct layer layer)
{
    enum { LOOKED_AT = 10 };

    if (layer.len < LOOKED_AT) {
        return NOT_SURE;
    }
    if (read_be16(layer.data) == PPP_ADDRESS_CONTROL || read_be16(layer.data + 1) == PPP_ADDRESS_CONTROL ||
        read_be16(layer.data + 6) == PPP_ADDRESS_CONTROL) {
        return NOT_SURE;
    }
    return go_to_ip(walk, layer);
}

/* What the protocol field of a Linux cooked header stands for: below 0x0600 are formats of Linux's own. */
static enum step walk_cooked(struct walk *walk, uint16_t hardware, uint16_t protocol, struct layer layer)
{
    enum { LAST_PLAIN_HARDWARE = 776, NONE = 0xfffe, CAN = 280 };
    bool is_plain = (hardware <= LAST_PLAIN_HARDWARE && hardware != CAN) || hardware == NONE;

    walk->type = protocol;
    return is_plain && protocol >= MIN_ETHERTYPE ? go(walk, TO_ETHERTYPE, layer) : NOT_SURE;
}

/* Linux cooked capture:
 *   0..1: direction   2..3: hardware type   4..5: length of the address   6..13: address   14..15: protocol */
enum step skypefp_walk_sll(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 16, AT_HARDWARE = 2, AT_PROTOCOL = 14 };

    return layer.len < HEADER_LEN ? NO_IP
                                  : walk_cooked(walk, read_be16(layer.data + AT_HARDWARE),
                                                read_be16(layer.data + AT_PROTOCOL), layer_after(layer, HEADER_LEN));
}

/* Linux cooked capture, version 2:
 *   0..1: protocol   2..3: 0   4..7: interface   8..9: hardware type   10: direction   11: length of the address
 *   12..19: address */
enum step skypefp_walk_sll2(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 20, AT_HARDWARE = 8 };

    return layer.len < HEADER_LEN ? NO_IP
                                  : walk_cooked(walk, read_be16(layer.data + AT_HARDWARE), read_be16(layer.data),
                                                layer_after(layer, HEADER_LEN));
}
