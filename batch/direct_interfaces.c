/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names interfaces and link types as Wireshark does. */
#include "direct_interfaces.h"

#include "decode.h"

/* The link types that decode/ reads, or knows not to read; to be freed. */
static char *name_link(int link)
{
    static const struct {
        int link;
        const char *name;
    } names[] = {
        { SKYPEFP_LINK_NULL, "NULL/Loopback" },
        { SKYPEFP_LINK_ETHERNET, "Ethernet" },
        { SKYPEFP_LINK_PPP, "PPP" },
        { SKYPEFP_LINK_RAW, "Raw IP" },
        { SKYPEFP_LINK_CISCO_HDLC, "Cisco HDLC" },
        { SKYPEFP_LINK_IEEE_802_11, "IEEE 802.11 Wireless LAN" },
        { SKYPEFP_LINK_LOOP, "OpenBSD loopback" },
        { SKYPEFP_LINK_LINUX_SLL, "Linux cooked-mode capture v1" },
        { SKYPEFP_LINK_RADIOTAP, "IEEE 802.11 plus radiotap radio header" },
        { SKYPEFP_LINK_IPV4, "Raw IPv4" },
        { SKYPEFP_LINK_IPV6, "Raw IPv6" },
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

struct report_interfaces *direct_interfaces(const struct stream *stream, int link, uint32_t n_frames)
{
    struct report_interfaces *interfaces = report_interfaces_new();
    const struct pcapng_watch *watch = &stream->watch;
    char *link_type = name_link(link);

    for (unsigned i = 0; stream->is_pcapng && i < watch->n_interfaces; i++) {
        if (watch->interfaces[i].n_frames > 0) {
            report_interfaces_add(interfaces, watch->interfaces[i].name, link_type, watch->interfaces[i].n_frames);
        }
    }
    if (!stream->is_pcapng && n_frames > 0) {
        report_interfaces_add(interfaces, NULL, link_type, n_frames);
    }
    g_free(link_type);
    return interfaces;
}
