/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SkypeFP in Wireshark's own tables of conversations and endpoints. */
#include "tap_conversations.h"

#include "fields.h"
#include "observe.h"
#include "preferences.h"
#include "tap.h"

#include <epan/conversation_table.h>

/* The fields to filter by, for an address and a port that are a packet's source, destination, or either. */
struct filter_fields {
    const char *ipv4, *ipv6, *udp, *tcp;
};

static const struct filter_fields source = { "ip.src", "ipv6.src", "udp.srcport", "tcp.srcport" },
                                  destination = { "ip.dst", "ipv6.dst", "udp.dstport", "tcp.dstport" },
                                  either = { "ip.addr", "ipv6.addr", "udp.port", "tcp.port" };

static const char *find_field(conv_filter_type_e wanted, const address *addr, bool is_udp)
{
    const struct filter_fields *fields = wanted == CONV_FT_SRC_ADDRESS || wanted == CONV_FT_SRC_PORT   ? &source
                                         : wanted == CONV_FT_DST_ADDRESS || wanted == CONV_FT_DST_PORT ? &destination
                                                                                                       : &either;

    if (wanted == CONV_FT_SRC_PORT || wanted == CONV_FT_DST_PORT || wanted == CONV_FT_ANY_PORT) {
        return is_udp ? fields->udp : fields->tcp;
    }
    return addr->type == AT_IPv4 ? fields->ipv4 : fields->ipv6;
}

static const char *find_conversation_field(conv_item_t *item, conv_filter_type_e wanted)
{
    return find_field(wanted, &item->src_address, item->ctype == CONVERSATION_UDP);
}

static const char *find_endpoint_field(endpoint_item_t *item, conv_filter_type_e wanted)
{
    return find_field(wanted, &item->myaddress, item->etype == ENDPOINT_UDP);
}

static bool is_marked(const struct tapped *tapped)
{
    skypefp_judgement judgement;

    return tapped->is_found && skypefp_judge(skypefp_capture_tracker(), &tapped->sighting, &judgement) &&
           (int)judgement.verdict >= skypefp_preferences.threshold;
}

static address make_address(const skypefp_address *from)
{
    address addr;

    set_address(&addr, from->len == SKYPEFP_IPV4_LEN ? AT_IPv4 : AT_IPv6, from->len, from->bytes);
    return addr;
}

static tap_packet_status add_conversation(void *table, packet_info *pinfo, epan_dissect_t *edt _U_,
                                          const void *data_tapped, tap_flags_t flags)
{
    static ct_dissector_info_t fields = { find_conversation_field };
    const struct tapped *tapped = data_tapped;
    const skypefp_packet *packet = &tapped->packet;

    if (!is_marked(tapped)) {
        return TAP_PACKET_DONT_REDRAW;
    }
    address src = make_address(&packet->src), dst = make_address(&packet->dst);

    ((conv_hash_t *)table)->flags = flags;
    add_conversation_table_data(table, &src, &dst, packet->src.port, packet->dst.port, 1, (int)pinfo->fd->pkt_len,
                                &pinfo->rel_ts, &pinfo->abs_ts, &fields,
                                packet->transport == SKYPEFP_UDP ? CONVERSATION_UDP : CONVERSATION_TCP);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status add_endpoints(void *table, packet_info *pinfo, epan_dissect_t *edt _U_,
                                       const void *data_tapped, tap_flags_t flags)
{
    static et_dissector_info_t fields = { find_endpoint_field };
    const struct tapped *tapped = data_tapped;
    const skypefp_packet *packet = &tapped->packet;

    if (!is_marked(tapped)) {
        return TAP_PACKET_DONT_REDRAW;
    }
    address src = make_address(&packet->src), dst = make_address(&packet->dst);
    endpoint_type type = packet->transport == SKYPEFP_UDP ? ENDPOINT_UDP : ENDPOINT_TCP;

    ((conv_hash_t *)table)->flags = flags;
    add_endpoint_table_data(table, &src, packet->src.port, TRUE, 1, (int)pinfo->fd->pkt_len, &fields, type);
    add_endpoint_table_data(table, &dst, packet->dst.port, FALSE, 1, (int)pinfo->fd->pkt_len, &fields, type);
    return TAP_PACKET_REDRAW;
}

void skypefp_conversations_register(void)
{
    register_conversation_table(skypefp_proto, FALSE, add_conversation, add_endpoints);
}
