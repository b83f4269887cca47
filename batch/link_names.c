/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wireshark's names of link types. */
#include "link_names.h"

#include "link_type.h"

#include <glib.h>
#include <string.h>

/* A 32-bit number in little endian; fallback: it was not captured. */
static int read_link(const skypefp_frame *frame, unsigned at, int fallback)
{
    if (frame->len < at + 4) {
        return fallback;
    }
    guint32 link;
    memcpy(&link, frame->data + at, sizeof link);
    link = GUINT32_FROM_LE(link);
    return link <= G_MAXINT ? (int)link : fallback;
}

int shown_link(const skypefp_frame *frame)
{
    enum { AT_PKTAP_KIND = 4, AT_PKTAP_LINK = 8, PKTAP_LEN = 108, PKTAP_FRAME = 1 };

    switch (frame->link) {
    case SKYPEFP_LINK_PKTAP:
    case SKYPEFP_LINK_OLD_PKTAP:
        return frame->len >= PKTAP_LEN && read_link(frame, AT_PKTAP_KIND, 0) == PKTAP_FRAME
                   ? read_link(frame, AT_PKTAP_LINK, frame->link)
                   : frame->link;
    default:
        return frame->link;
    }
}

char *link_name(int link)
{
    static const struct {
        int link;
        const char *name;
    } names[] = {
        { SKYPEFP_LINK_NULL, "NULL/Loopback" },
        { SKYPEFP_LINK_ETHERNET, "Ethernet" },
        { SKYPEFP_LINK_PPP, "PPP" },
        { SKYPEFP_LINK_FDDI, "FDDI with bit-swapped MAC addresses" },
        { SKYPEFP_LINK_RAW_BSD, "Raw IP" },
        { SKYPEFP_LINK_RAW_OPENBSD, "Raw IP" },
        { SKYPEFP_LINK_CLASSICAL_IP_BSD, "Linux ATM CLIP" },
        { SKYPEFP_LINK_PPP_SERIAL, "PPP" },
        { SKYPEFP_LINK_PPP_ETHERNET, "PPP-over-Ethernet session" },
        { SKYPEFP_LINK_RAW, "Raw IP" },
        { SKYPEFP_LINK_CISCO_HDLC, "Cisco HDLC" },
        { SKYPEFP_LINK_IEEE_802_11, "IEEE 802.11 Wireless LAN" },
        { SKYPEFP_LINK_CLASSICAL_IP, "Linux ATM CLIP" },
        { SKYPEFP_LINK_FRAME_RELAY, "Frame Relay" },
        { SKYPEFP_LINK_LOOP, "OpenBSD loopback" },
        { SKYPEFP_LINK_HDLC, "Cisco HDLC" },
        { SKYPEFP_LINK_LINUX_SLL, "Linux cooked-mode capture v1" },
        { SKYPEFP_LINK_SUN_ATM, "ATM PDUs" },
        { SKYPEFP_LINK_RADIOTAP, "IEEE 802.11 plus radiotap radio header" },
        { SKYPEFP_LINK_ARCNET, "Linux ARCNET" },
        { SKYPEFP_LINK_JUNIPER_ATM_1, "Juniper ATM1" },
        { SKYPEFP_LINK_JUNIPER_ETHERNET, "Juniper Ethernet" },
        { SKYPEFP_LINK_IPNET, "Solaris IPNET" },
        { SKYPEFP_LINK_CAN, "SocketCAN" },
        { SKYPEFP_LINK_IPV4, "Raw IPv4" },
        { SKYPEFP_LINK_IPV6, "Raw IPv6" },
        { SKYPEFP_LINK_DBUS, "D-Bus" },
        { SKYPEFP_LINK_NFLOG, "NFLOG" },
        { SKYPEFP_LINK_IP_OVER_INFINIBAND, "IP over IB" },
        { SKYPEFP_LINK_PKTAP, "Apple PKTAP" },
        { SKYPEFP_LINK_LINUX_SLL2, "Linux cooked-mode capture v2" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].link == link) {
            return g_strdup(names[i].name);
        }
    }
    return link >= SKYPEFP_LINK_FIRST_USER && link <= SKYPEFP_LINK_LAST_USER
               ? g_strdup_printf("USER %d", link - SKYPEFP_LINK_FIRST_USER)
               : g_strdup("unknown");
}
