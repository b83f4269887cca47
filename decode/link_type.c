/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parsers of link types. */
#include "link_type.h"

#include "ethernet.h"
#include "internet.h"
#include "link.h"
#include "old_links.h"
#include "ppp.h"
#include "wireless.h"

/* Of private use, of which nothing is known; buses, which carry no IP. */
static enum step walk_nothing(struct walk *walk, struct layer layer)
{
    (void)walk;
    (void)layer;
    return NO_IP;
}

/* ATM, as Sun has it: 4 octets, of which the rest depends. Sure only when nothing else was captured. */
static enum step walk_sun_atm(struct walk *walk, struct layer layer)
{
    enum { HEADER_LEN = 4 };

    (void)walk;
    return layer.len == HEADER_LEN ? NO_IP : NOT_SURE;
}

/* Apple's headers, in little endian:
 *   0..3: length of the header, at least 108   4..7: 1 for a frame   8..11: its link type */
static enum step walk_pktap(struct walk *walk, struct layer layer)
{
    enum { MIN_LEN = 108, AT_KIND = 4, AT_LINK = 8, FRAME = 1 };

    if (layer.len < MIN_LEN) {
        return NO_IP;
    }
    uint32_t header_len = GUINT32_SWAP_LE_BE(read_be32(layer.data));
    uint32_t kind = GUINT32_SWAP_LE_BE(read_be32(layer.data + AT_KIND));
    uint32_t link = GUINT32_SWAP_LE_BE(read_be32(layer.data + AT_LINK));
    if (header_len < MIN_LEN || header_len > layer.len || kind != FRAME) {
        return NO_IP;
    }
    /* not one in another */
    return link == SKYPEFP_LINK_PKTAP || link == SKYPEFP_LINK_OLD_PKTAP || link > INT_MAX
               ? NOT_SURE
               : skypefp_walk_link(walk, (int)link, layer_after(layer, header_len));
}

typedef enum step walker(struct walk *walk, struct layer layer);

/* NULL: frames of the link type are not decoded. */
static walker *find_walker(int link)
{
    switch (link) {
    case SKYPEFP_LINK_ETHERNET:
        return skypefp_walk_ethernet;
    case SKYPEFP_LINK_NULL:
        return skypefp_walk_null;
    case SKYPEFP_LINK_LOOP:
        return skypefp_walk_loop;
    case SKYPEFP_LINK_RAW:
    case SKYPEFP_LINK_RAW_BSD:
    case SKYPEFP_LINK_RAW_OPENBSD:
        return skypefp_walk_raw;
    case SKYPEFP_LINK_IPV4:
    case SKYPEFP_LINK_CLASSICAL_IP:
    case SKYPEFP_LINK_CLASSICAL_IP_BSD:
        return skypefp_walk_ip;
    case SKYPEFP_LINK_IPV6:
        return skypefp_walk_ipv6;
    case SKYPEFP_LINK_LINUX_SLL:
        return skypefp_walk_sll;
    case SKYPEFP_LINK_LINUX_SLL2:
        return skypefp_walk_sll2;
    case SKYPEFP_LINK_PPP:
    case SKYPEFP_LINK_PPP_SERIAL:
        return skypefp_walk_ppp_hdlc;
    case SKYPEFP_LINK_PPP_ETHERNET:
        return skypefp_walk_pppoe;
    case SKYPEFP_LINK_RADIOTAP:
        return skypefp_walk_radiotap;
    case SKYPEFP_LINK_IEEE_802_11:
        return skypefp_walk_wireless;
    case SKYPEFP_LINK_CISCO_HDLC:
    case SKYPEFP_LINK_HDLC:
        return skypefp_walk_chdlc;
    case SKYPEFP_LINK_FDDI:
        return skypefp_walk_fddi;
    case SKYPEFP_LINK_FRAME_RELAY:
        return skypefp_walk_frame_relay;
    case SKYPEFP_LINK_SUN_ATM:
        return walk_sun_atm;
    case SKYPEFP_LINK_ARCNET:
        return skypefp_walk_arcnet;
    case SKYPEFP_LINK_JUNIPER_ATM_1:
        return skypefp_walk_juniper_atm;
    case SKYPEFP_LINK_JUNIPER_ETHERNET:
        return skypefp_walk_juniper_ethernet;
    case SKYPEFP_LINK_IPNET:
        return skypefp_walk_ipnet;
    case SKYPEFP_LINK_NFLOG:
        return skypefp_walk_nflog;
    case SKYPEFP_LINK_IP_OVER_INFINIBAND:
        return skypefp_walk_infiniband;
    case SKYPEFP_LINK_PKTAP:
    case SKYPEFP_LINK_OLD_PKTAP:
        return walk_pktap;
    case SKYPEFP_LINK_CAN:
    case SKYPEFP_LINK_DBUS:
        return walk_nothing;
    default:
        return link >= SKYPEFP_LINK_FIRST_USER && link <= SKYPEFP_LINK_LAST_USER ? walk_nothing : NULL;
    }
}

bool skypefp_knows_link(int link)
{
    return find_walker(link) != NULL;
}

enum step skypefp_walk_link(struct walk *walk, int link, struct layer layer)
{
    walker *walk_frame = find_walker(link);

    return walk_frame != NULL ? walk_frame(walk, layer) : NOT_SURE;
}
