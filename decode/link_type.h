/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link types, and which layer each begins with. */
#ifndef SKYPEFP_LINK_TYPE_H
#define SKYPEFP_LINK_TYPE_H

#include "walk.h"

/* Link types by their numbers in capture files (LINKTYPE_ of libpcap). */
enum skypefp_link {
    SKYPEFP_LINK_NULL = 0,
    SKYPEFP_LINK_ETHERNET = 1,
    SKYPEFP_LINK_PPP = 9,
    SKYPEFP_LINK_FDDI = 10,
    SKYPEFP_LINK_RAW_BSD = 12, /* what some systems wrote for raw IP */
    SKYPEFP_LINK_RAW_OPENBSD = 14,
    SKYPEFP_LINK_CLASSICAL_IP_BSD = 19,
    SKYPEFP_LINK_PPP_SERIAL = 50,
    SKYPEFP_LINK_PPP_ETHERNET = 51,
    SKYPEFP_LINK_RAW = 101,
    SKYPEFP_LINK_CISCO_HDLC = 104,
    SKYPEFP_LINK_IEEE_802_11 = 105,
    SKYPEFP_LINK_CLASSICAL_IP = 106,
    SKYPEFP_LINK_FRAME_RELAY = 107,
    SKYPEFP_LINK_LOOP = 108,
    SKYPEFP_LINK_HDLC = 112,
    SKYPEFP_LINK_LINUX_SLL = 113,
    SKYPEFP_LINK_SUN_ATM = 123,
    SKYPEFP_LINK_RADIOTAP = 127,
    SKYPEFP_LINK_ARCNET = 129,
    SKYPEFP_LINK_JUNIPER_ATM_1 = 137,
    SKYPEFP_LINK_FIRST_USER = 147,                        /* private use: what is in them is unknown */
    SKYPEFP_LINK_OLD_PKTAP = SKYPEFP_LINK_FIRST_USER + 2, /* Apple's, before it got a number of its own */
    SKYPEFP_LINK_LAST_USER = 162,
    SKYPEFP_LINK_JUNIPER_ETHERNET = 178,
    SKYPEFP_LINK_IPNET = 226,
    SKYPEFP_LINK_CAN = 227,
    SKYPEFP_LINK_IPV4 = 228,
    SKYPEFP_LINK_IPV6 = 229,
    SKYPEFP_LINK_DBUS = 231,
    SKYPEFP_LINK_NFLOG = 239,
    SKYPEFP_LINK_IP_OVER_INFINIBAND = 242,
    SKYPEFP_LINK_PKTAP = 258,
    SKYPEFP_LINK_LINUX_SLL2 = 276,
};

/* Whether frames of a link type can be decoded at all; otherwise each is NOT_SURE. */
bool skypefp_knows_link(int link);

/* Walks a frame of a link type; of an unknown one NOT_SURE. Private to decode/. */
enum step skypefp_walk_link(struct walk *walk, int link, struct layer layer);

#endif
