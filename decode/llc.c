/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IEEE 802.2 with SNAP, and OSI's network layer. */
#include "llc.h"

enum { MIN_ETHERTYPE = 0x0600 };

/* Frames that other standards bridge: with and without their checksums. */
static enum step walk_bridged(uint16_t type)
{
    enum { ETHERNET = 1, TOKEN_RING = 3, FDDI = 4, WITHOUT_CHECKSUM = 6 };

    return type == ETHERNET || type == TOKEN_RING || type == FDDI || type == ETHERNET + WITHOUT_CHECKSUM ||
                   type == TOKEN_RING + WITHOUT_CHECKSUM || type == FDDI + WITHOUT_CHECKSUM
               ? NOT_SURE
               : NO_IP;
}

/* Types of an organization. What is unknown to Wireshark is data; the ones that it knows and that are not here end
 * where they begin: discovery, spanning tree and the like. */
static enum step walk_organization(const struct walk *walk, uint32_t organization, uint16_t type)
{
    enum {
        IEEE_802_1 = 0x0080c2,
        IANA = 0x00005e,
        APPLE_WIRELESS = 0x0017f2,
        BLUETOOTH = 0x001958,
        TURBOCELL = 0x0020f6,
        CISCO_WIRELESS = 0x004096,
        MARVELL = 0x005043,
        APPLETALK = 0x080007,
        WIFI_ALLIANCE = 0x506f9a
    };

    switch (organization) {
    case IEEE_802_1:
        return walk_bridged(type);
    case IANA:
    case APPLE_WIRELESS:
    case BLUETOOTH:
    case TURBOCELL:
    case CISCO_WIRELESS:
    case MARVELL:
    case WIFI_ALLIANCE:
        return NOT_SURE;
    case APPLETALK:
        return walk->n_ip > 0 ? NOT_SURE : NO_IP; /* its addresses take the place of IP's */
    default:
        return NO_IP;
    }
}

/* SNAP:
 *   0..2: organization   3..4: type
 * Organization 0 and one of Cisco's mean that the type is an EtherType; the others have types of their own. */
enum step skypefp_walk_snap(struct walk *walk, struct layer layer, bool is_information)
{
    enum { SNAP_LEN = 5, ETHERNET = 0, CISCO_90 = 0x0000f8 };

    if (layer.len < SNAP_LEN) {
        return NO_IP;
    }
    uint32_t organization = (uint32_t)read_be16(layer.data) << 8 | layer.data[2];
    uint16_t type = read_be16(layer.data + 3);
    if (organization != ETHERNET && organization != CISCO_90) {
        return walk_organization(walk, organization, type);
    }
    if (!is_information) {
        return NO_IP;
    }
    walk->type = type;
    return type >= MIN_ETHERTYPE ? go(walk, TO_ETHERTYPE, layer_after(layer, SNAP_LEN)) : NOT_SURE;
}

/* ISO 9577:
 *   0: CLNP, ES-IS or IS-IS, whose own header this is; or IP or PPP, after it */
enum step skypefp_walk_osi(struct walk *walk, struct layer layer)
{
    enum { NULL_CLNP = 0x00, CLNP = 0x81, ES_IS = 0x82, IS_IS = 0x83, IPV6 = 0x8e, IPV4 = 0xcc, PPP = 0xcf };

    if (layer.len == 0) {
        return NO_IP;
    }
    switch (layer.data[0]) {
    case NULL_CLNP:
    case CLNP:
    case ES_IS:
    case IS_IS:
        return walk->n_ip > 0 ? NOT_SURE : NO_IP; /* addresses of their own */
    case IPV4:
        return go(walk, TO_IP, layer_after(layer, 1));
    case IPV6:
        return go(walk, TO_IPV6, layer_after(layer, 1));
    case PPP:
        return go(walk, TO_PPP, layer_after(layer, 1));
    default:
        return NO_IP;
    }
}

/* What an access point stands for, in a frame of information. */
static enum step walk_access_point(struct walk *walk, uint8_t point, struct layer layer)
{
    switch (point) {
    case 0x06:
        return go(walk, TO_IP, layer);
    case 0x10:
    case 0xe0:
    case 0xf0: /* IPX, NetBIOS */
        return walk->n_ip > 0 ? NOT_SURE : NO_IP;
    case 0x14:
    case 0x20:
    case 0x34:
    case 0x54:
    case 0xfe:
        return go(walk, TO_OSI, layer);
    case 0x04:
    case 0x05:
    case 0x08:
    case 0x0c:
    case 0x40:
    case 0xc8: /* SNA */
    case 0x7e: /* X.25 */
    case 0x80: /* XNS */
    case 0xba:
    case 0xbc: /* VINES */
        return NOT_SURE;
    default: /* spanning tree and the like, and what Wireshark does not know */
        return NO_IP;
    }
}

/* IEEE 802.2:
 *   0: destination access point   1: source   2: control, 1 octet in unnumbered frames, else 2
 * 0xffff is not LLC but the beginning of IPX. */
enum step skypefp_walk_llc(struct walk *walk, struct layer layer)
{
    enum { MIN_LEN = 3, UNNUMBERED_MASK = 3, UNNUMBERED_INFORMATION = 0x03, SNAP = 0xaaaa, RAW_IPX = 0xffff };

    if (layer.len >= 2 && read_be16(layer.data) == RAW_IPX) {
        return walk->n_ip > 0 ? NOT_SURE : NO_IP;
    }
    walk->begins_again = true;
    if (layer.len < MIN_LEN) {
        return layer.wire_len < MIN_LEN ? NO_IP : NOT_SURE;
    }
    uint16_t points = read_be16(layer.data);
    uint8_t control = layer.data[2];
    uint32_t header_len = (control & UNNUMBERED_MASK) == UNNUMBERED_MASK ? MIN_LEN : MIN_LEN + 1;
    bool is_information = control == UNNUMBERED_INFORMATION || (control & 1) == 0;
    if (layer.len < header_len) {
        return NO_IP;
    }
    struct layer rest = layer_after(layer, header_len);
    if (points == SNAP) {
        return skypefp_walk_snap(walk, rest, is_information);
    }
    return rest.wire_len > 0 && is_information ? walk_access_point(walk, layer.data[0], rest) : NO_IP;
}
