/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ethernet II, IEEE 802.3, tags, and what an EtherType stands for. */
#include "ethernet.h"

#include "llc.h"

enum {
    ETHERNET_LEN = 14,
    AT_TYPE = 12,
    MAX_802_3_LEN = 1500,
    MIN_ETHERTYPE = 0x0600,
    VLAN_LEN = 4,
    VLAN_AT_TYPE = 2,
    VLAN_ID_MASK = 0x0fff,
};

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88a8,
    TYPE_OLD_QINQ = 0x9100,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_MULTICAST = 0x8848,
    TYPE_PPPOE = 0x8864,
    TYPE_BRIDGED = 0x6558,
    TYPE_VN_TAG = 0x8926,
    TYPE_E_TAG = 0x893f,
    TYPE_ARISTA = 0xd28b,
};

/* Types other than those below whose dissectors may come to an IP header, or that may carry frames. Wireshark has
 * none for types that it does not know, and the other ones end where they begin: ARP, LLDP, GOOSE and the like. */
static bool is_carrier(uint16_t type)
{
    static const uint16_t carriers[] = {
        0x0600,                                         /* IDP */
        0x0641, 0x0643, 0x0644, 0x0645,                 /* Roofnet */
        0x08ff,                                         /* AX.25 */
        0x0bad,                                         /* VINES */
        0x22e5, 0x22f0, 0x22f1, 0x22f3,                 /* GigaMux, IEEE 1722, ROHC, TRILL */
        0x2323, 0x2452,                                 /* DECT, Centrino's 802.11 */
        0x3e3f,                                         /* Powerlink 1 */
        0x4305, 0x4742,                                 /* B.A.T.M.A.N., C15 */
        0x6000,                                         /* LAPB */
        0x809a, 0x809b, 0x80d5,                         /* 802.15.4, AppleTalk, SNA */
        0x8102, 0x8204, 0x8783,                         /* Bofl, LwL4, MiNT */
        0x8870, 0x8874, 0x8899, 0x889a, 0x889b,         /* LLC, Broadcom, Realtek, HyperSCSI, CSM */
        0x88a4, 0x88a9, 0x88ab, 0x88ae,                 /* EtherCAT, ExtremeMesh, Powerlink, Brocade */
        0x88b7, 0x88bb, 0x88ca, 0x88cd,                 /* IEEE 802a, LWAPP, TIPC, SERCOS */
        0x88d8, 0x88dc, 0x88de, 0x88e5, 0x88e7,         /* CESoE, WSMP, VM Lab, MACsec, 802.1ah */
        0x8901, 0x8903, 0x8906, 0x890d, 0x8914, 0x8915, /* FLIP, FabricPath, FCoE, 802.11, FIP, RoCE */
        0x892f, 0x8947, 0x894f, 0x8988,                 /* HSR, GeoNetworking, NSH, HomeBrew */
        0x872d, 0x88f8, 0x8ffd,                         /* WLCCP, NC-SI, Aruba */
        0x9104, 0x99fe,                                 /* Eero, TECMP */
        0xa0ed, 0xaaaa, 0xabcd, 0xaefe,                 /* 6LoWPAN, WReTH, Brocade, eCPRI */
        0xbbbb, 0xc0de, 0xc0df, 0xc15c, 0xcafe,         /* LWAPP, XIP, NWP, C15, LLT */
        0xd00d, 0xe555, 0xfcfc,                         /* TDMoE, EXEH, MDS */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
        if (carriers[i] == type) {
            return true;
        }
    }
    return false;
}

/* Types whose addresses take the place of IP's in Wireshark: in a tunnel, the datagram around them is not found. */
static bool has_addresses(uint16_t type)
{
    enum { DECNET = 0x6003, LAT = 0x6004, IPX = 0x8137 };

    return type == DECNET || type == LAT || type == IPX;
}

static enum step go_to_type(struct walk *walk, uint16_t type, struct layer layer)
{
    walk->type = type;
    return go(walk, TO_ETHERTYPE, layer);
}

/* IEEE 802.1Q, 802.1ad:
 *   0..1: priority, drop eligible, VLAN identifier (12 bits)   2..3: type, or the length of an 802.3 frame */
static enum step walk_vlan(struct walk *walk, struct layer layer)
{
    if (layer.len < VLAN_LEN) {
        return walk->n_ip > 0 ? NOT_SURE : NO_IP; /* half a tag may count for the datagram around it */
    }
    uint16_t type = read_be16(layer.data + VLAN_AT_TYPE);
    bool is_outer = walk->type == TYPE_QINQ; /* no identifier that counts, and no lengths */
    if (!is_outer) {
        note_vlan(walk, read_be16(layer.data) & VLAN_ID_MASK);
    }
    layer = layer_after(layer, VLAN_LEN);
    return type <= MAX_802_3_LEN && !is_outer ? go(walk, TO_LLC, layer_cut(layer, type))
                                              : go_to_type(walk, type, layer);
}

/* Tags of switches, which end with the type of the frame that they were put into: Cisco's VN-Tag has 4 octets in front
 * of it, IEEE 802.1BR 6. */
static enum step walk_tag(struct walk *walk, struct layer layer, uint32_t tag_len, bool may_have_length)
{
    if (layer.len < tag_len + 2) {
        return walk->n_ip > 0 ? NOT_SURE : NO_IP;
    }
    uint16_t type = read_be16(layer.data + tag_len);
    layer = layer_after(layer, tag_len + 2);
    return type <= MAX_802_3_LEN && may_have_length ? go(walk, TO_LLC, layer_cut(layer, type))
                                                    : go_to_type(walk, type, layer);
}

/* Arista's frames:
 *   0..1: subtype, 1 is a time   2..3: version of it   and a time of 8 octets (0x10, 0x110) or 6 (0x20, 0x120)
 *   last 2: type */
static enum step walk_arista(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4, TIME = 1, KIND_MASK = 0xfeff, KIND_64 = 0x10, KIND_48 = 0x20 };

    if (layer.len < HEADER_LEN || read_be16(layer.data) != TIME) {
        return NOT_SURE;
    }
    uint16_t kind = read_be16(layer.data + 2) & KIND_MASK;
    if (kind != KIND_64 && kind != KIND_48) {
        return NO_IP;
    }
    return walk_tag(walk, layer, HEADER_LEN + (kind == KIND_64 ? 8u : 6u), false);
}

enum step skypefp_walk_ethertype(struct walk *walk, struct layer layer)
{
    switch (walk->type) {
    case TYPE_IPV4:
        return go(walk, TO_IPV4, layer);
    case TYPE_IPV6:
        return go(walk, TO_IPV6, layer);
    case TYPE_VLAN:
    case TYPE_QINQ:
    case TYPE_OLD_QINQ:
        return walk_vlan(walk, layer);
    case TYPE_MPLS:
    case TYPE_MPLS_MULTICAST:
        return go(walk, TO_MPLS, layer);
    case TYPE_PPPOE:
        return go(walk, TO_PPPOE, layer);
    case TYPE_BRIDGED:
        return go(walk, TO_ETHERNET, layer);
    case TYPE_VN_TAG:
        return walk_tag(walk, layer, 4, true);
    case TYPE_E_TAG:
        return walk_tag(walk, layer, 6, false);
    case TYPE_ARISTA:
        return walk_arista(walk, layer);
    default:
        return is_carrier(walk->type) || (walk->n_ip > 0 && has_addresses(walk->type)) ? NOT_SURE : NO_IP;
    }
}

/* IEEE 802.3:
 *   0..5: destination   6..11: source   12..13: EtherType from 0x0600 on, length up to 1500 */
enum step skypefp_walk_ethernet(struct walk *walk, struct layer layer)
{
    if (layer.len < ETHERNET_LEN) {
        return NO_IP;
    }
    uint16_t type = read_be16(layer.data + AT_TYPE);
    struct layer rest = layer_after(layer, ETHERNET_LEN);
    if (type >= MIN_ETHERTYPE) {
        walk->type = type;
        return skypefp_walk_ethertype(walk, rest);
    }
    if (type > MAX_802_3_LEN || type == 0 || skypefp_begins_as_isl(layer.data)) {
        return NOT_SURE;
    }
    return skypefp_walk_llc(walk, layer_cut(rest, type));
}
