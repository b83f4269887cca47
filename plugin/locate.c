/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the TCP segment or UDP datagram of a frame behind the address that the IP dissector left. */
#define _GNU_SOURCE     /* memmem */
#include "locate.h"

#include "address.h"

#include <epan/ipproto.h>

enum {
    IPV4_HEADER_LEN = 20, IPV4_AT_LENGTH = 2, IPV4_AT_FRAGMENT = 6, IPV4_AT_PROTOCOL = 9, IPV4_AT_SRC = 12, IPV4_AT_DST = 16,
    IPV4_FRAGMENT_MASK = 0x3fff,        /* more fragments, and the offset */
    IPV6_HEADER_LEN = 40, IPV6_AT_LENGTH = 4, IPV6_AT_NEXT = 6, IPV6_AT_SRC = 8, IPV6_AT_DST = 24,
    IPV6_FRAGMENT_LEN = 8, IPV6_AT_FRAGMENT = 2, IPV6_FRAGMENT_MASK = 0xfff9, IPV6_MAX_EXTENSIONS = 8,
    ICMP_HEADER_LEN = 8, UDP_HEADER_LEN = 8, UDP_AT_LENGTH = 4,
    TCP_HEADER_LEN = 20, TCP_AT_SEQUENCE = 4, TCP_AT_ACKNOWLEDGMENT = 8, TCP_AT_OFFSET = 12, TCP_AT_FLAGS = 13,
};

static int proto_icmp = -1;
static int proto_icmpv6 = -1;

void skypefp_locate_init(void)
{
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
}

/* The captured octets of a data source, and how many there were on the wire; data is never NULL. */
struct source {
    tvbuff_t *tvb;
    const uint8_t *data;
    uint32_t len;
    uint32_t wire_len;
};

/* What follows an IP header: octets that were captured, how many there were on the wire as the header tells, and how many as the
 * frame tells. Captures that were cut and lost the frames' lengths exist, so the header is believed. */
struct span {
    const uint8_t *data;
    uint32_t len;
    uint32_t wire_len;
    uint32_t frame_len;
    uint8_t protocol;
    bool is_fragment;
};

/* The packets that ICMP errors quote are no new messages; pinfo shows their addresses all the same. A header so near the
 * start that no other IP header and ICMP fit before it is not quoted. */
static bool is_quoted(const packet_info *pinfo, int at_address)
{
    if (at_address < IPV4_HEADER_LEN + ICMP_HEADER_LEN) {
        return false;
    }
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer != NULL; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (proto == proto_icmp || proto == proto_icmpv6) {
            return true;
        }
    }
    return false;
}

static struct source make_source(tvbuff_t *tvb)
{
    uint32_t len = tvb_captured_length(tvb);

    return (struct source){
        .tvb = tvb,
        .data = len > 0 ? tvb_get_ptr(tvb, 0, (int)len) : (const uint8_t *)"",
        .len = len,
        .wire_len = MAX(len, tvb_reported_length(tvb)),
    };
}

/* The innermost IP header's source address in a data source: its offset, or -1. IPv4's is a pointer into the octets. IPv6's is a
 * copy, so the pair of addresses is searched; it is found where the header stands, near the start. */
static int find_address(const struct source *source, const address *net_src, const address *net_dst)
{
    if (net_src->type == AT_IPv4) {
        uintptr_t from = (uintptr_t)source->data, at = (uintptr_t)net_src->data;
        return at >= from && at - from < source->len ? (int)(at - from) : -1;
    }
    uint8_t pair[2 * SKYPEFP_IPV6_LEN];
    memcpy(pair, net_src->data, SKYPEFP_IPV6_LEN);
    memcpy(pair + SKYPEFP_IPV6_LEN, net_dst->data, SKYPEFP_IPV6_LEN);
    const uint8_t *found = memmem(source->data, source->len, pair, sizeof pair);
    return found != NULL ? (int)(found - source->data) : -1;
}

/* Finds the data source that holds the innermost IP header, nearly always the frame, and the offset of the source address in it;
 * -1: none does. */
static int find_source(packet_info *pinfo, tvbuff_t *frame_tvb, struct source *source)
{
    *source = make_source(frame_tvb);
    int offset = find_address(source, &pinfo->net_src, &pinfo->net_dst);

    for (GSList *next = pinfo->data_src; offset < 0 && next != NULL; next = next->next) {
        *source = make_source(get_data_source_tvb(next->data));
        offset = find_address(source, &pinfo->net_src, &pinfo->net_dst);
    }
    return offset;
}

/* Length 0 is segmentation offload: the frame's own length counts. */
static bool read_ipv4(const uint8_t *header, uint32_t len, uint32_t frame_len, struct span *span)
{
    uint32_t header_len = (header[0] & 0x0fu) * 4u;
    uint32_t told = read_be16(header + IPV4_AT_LENGTH), total = told == 0 ? frame_len : told;

    if (header[0] >> 4 != 4 || header_len < IPV4_HEADER_LEN || header_len > len || total < header_len) {
        return false;
    }
    span->data = header + header_len;
    span->wire_len = total - header_len;
    span->frame_len = frame_len - header_len;
    span->len = MIN(len - header_len, span->wire_len);
    span->protocol = header[IPV4_AT_PROTOCOL];
    span->is_fragment = (read_be16(header + IPV4_AT_FRAGMENT) & IPV4_FRAGMENT_MASK) != 0;
    return true;
}

/* Steps over the extension header that a span begins with; false when it is none. */
static bool skip_extension(struct span *span)
{
    uint32_t extension_len;

    switch (span->protocol) {
    case IP_PROTO_HOPOPTS:
    case IP_PROTO_ROUTING:
    case IP_PROTO_DSTOPTS:
        extension_len = span->len >= 2 ? (span->data[1] + 1u) * 8u : UINT32_MAX;
        break;
    case IP_PROTO_AH:
        extension_len = span->len >= 2 ? (span->data[1] + 2u) * 4u : UINT32_MAX;
        break;
    case IP_PROTO_FRAGMENT:
        extension_len = IPV6_FRAGMENT_LEN;
        if (span->len >= IPV6_FRAGMENT_LEN) {
            span->is_fragment = (read_be16(span->data + IPV6_AT_FRAGMENT) & IPV6_FRAGMENT_MASK) != 0;
        }
        break;
    default:
        return false;
    }
    if (extension_len > span->len) {
        return false;
    }
    span->protocol = span->data[0];
    span->data += extension_len;
    span->len -= extension_len;
    span->wire_len -= extension_len;
    span->frame_len -= extension_len;
    return true;
}

static bool read_ipv6(const uint8_t *header, uint32_t len, uint32_t frame_len, struct span *span)
{
    if (header[0] >> 4 != 6) {
        return false;
    }
    uint32_t told = read_be16(header + IPV6_AT_LENGTH);

    span->data = header + IPV6_HEADER_LEN;
    span->frame_len = frame_len - IPV6_HEADER_LEN;
    span->wire_len = told == 0 ? span->frame_len : told;
    span->len = MIN(len - IPV6_HEADER_LEN, span->wire_len);
    span->protocol = header[IPV6_AT_NEXT];
    span->is_fragment = false;
    for (unsigned i = 0; i < IPV6_MAX_EXTENSIONS && !span->is_fragment && skip_extension(span); i++) {
    }
    return true;
}

/* A defragmented payload is a data source of its own, which begins with the UDP or TCP header. Finds another one than the
 * fragment's. */
static bool find_reassembled(packet_info *pinfo, struct source *source, struct span *span)
{
    const tvbuff_t *fragment_tvb = source->tvb;

    for (GSList *next = pinfo->data_src; next != NULL; next = next->next) {
        *source = make_source(get_data_source_tvb(next->data));
        if (source->tvb != fragment_tvb && source->len >= UDP_HEADER_LEN && read_be16(source->data) == pinfo->srcport &&
            read_be16(source->data + 2) == pinfo->destport) {
            span->data = source->data;
            span->len = source->len;
            span->wire_len = span->frame_len = source->wire_len;
            return true;
        }
    }
    return false;
}

static bool read_udp(const struct span *span, skypefp_packet *packet)
{
    if (span->len < UDP_HEADER_LEN) {
        return false;
    }
    uint32_t udp_len = read_be16(span->data + UDP_AT_LENGTH), room = MIN(span->wire_len, span->frame_len);
    if (udp_len < UDP_HEADER_LEN || udp_len > room) {
        udp_len = room;         /* as Wireshark takes it, which is what the heuristic is given */
    }
    packet->transport = SKYPEFP_UDP;
    packet->data = span->data + UDP_HEADER_LEN;
    packet->wire_len = udp_len - UDP_HEADER_LEN;
    packet->len = MIN(span->len - UDP_HEADER_LEN, packet->wire_len);
    return true;
}

static bool read_tcp(const struct span *span, skypefp_packet *packet)
{
    if (span->len < TCP_HEADER_LEN) {
        return false;
    }
    uint32_t header_len = (span->data[TCP_AT_OFFSET] >> 4) * 4u;
    if (header_len < TCP_HEADER_LEN || header_len > span->wire_len) {
        return false;
    }
    packet->transport = SKYPEFP_TCP;
    packet->tcp_seq = read_be32(span->data + TCP_AT_SEQUENCE);
    packet->tcp_ack = read_be32(span->data + TCP_AT_ACKNOWLEDGMENT);
    packet->tcp_flags = span->data[TCP_AT_FLAGS];
    packet->data = span->data + MIN(header_len, span->len);
    packet->wire_len = span->wire_len - header_len;
    packet->len = span->len > header_len ? MIN(span->len - header_len, packet->wire_len) : 0;
    return true;
}

/* Reads the IP header whose source address stands at an offset of a data source. */
static bool read_ip(const struct source *source, int at_address, bool is_ipv4, struct span *span, skypefp_packet *packet)
{
    int at_src = is_ipv4 ? IPV4_AT_SRC : IPV6_AT_SRC, at_dst = is_ipv4 ? IPV4_AT_DST : IPV6_AT_DST;
    int header_len = is_ipv4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN;
    int at_header = at_address - at_src, len = (int)source->len - at_header;

    if (at_header < 0 || len < header_len) {
        return false;
    }
    const uint8_t *header = source->data + at_header;
    uint32_t frame_len = source->wire_len - (uint32_t)at_header;
    packet->src.bytes = header + at_src;
    packet->dst.bytes = header + at_dst;
    packet->src.len = packet->dst.len = is_ipv4 ? SKYPEFP_IPV4_LEN : SKYPEFP_IPV6_LEN;
    return is_ipv4 ? read_ipv4(header, (uint32_t)len, frame_len, span) : read_ipv6(header, (uint32_t)len, frame_len, span);
}

static bool is_ip(const address *net)
{
    return ((net->type == AT_IPv4 && net->len == SKYPEFP_IPV4_LEN) || (net->type == AT_IPv6 && net->len == SKYPEFP_IPV6_LEN)) &&
           net->data != NULL;
}

bool skypefp_locate(packet_info *pinfo, tvbuff_t *frame_tvb, struct located *located)
{
    skypefp_packet *packet = &located->packet;
    struct source source;
    struct span span;

    *packet = (skypefp_packet){ .frame = 0 };
    if (!is_ip(&pinfo->net_src) || !is_ip(&pinfo->net_dst) || pinfo->net_src.type != pinfo->net_dst.type) {
        return false;
    }
    int at_address = find_source(pinfo, frame_tvb, &source);
    if (at_address < 0 || !read_ip(&source, at_address, pinfo->net_src.type == AT_IPv4, &span, packet) ||
        (span.protocol != IP_PROTO_UDP && span.protocol != IP_PROTO_TCP)) {
        return false;
    }
    if ((span.is_fragment && !find_reassembled(pinfo, &source, &span)) || is_quoted(pinfo, at_address) ||
        !(span.protocol == IP_PROTO_UDP ? read_udp(&span, packet) : read_tcp(&span, packet))) {
        return false;
    }
    packet->src.port = read_be16(span.data);
    packet->dst.port = read_be16(span.data + 2);
    located->tvb = source.tvb;
    located->offset = (int)(packet->data - source.data);
    return true;
}
