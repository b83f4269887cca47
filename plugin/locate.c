/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the TCP segment or UDP datagram of a frame after the address that the IP dissector left. */
#define _GNU_SOURCE /* memmem */
#include "locate.h"

#include "place.h"

enum { IPV6_AT_SRC = 8, IPV6_AT_DST = 24, IPV6_MAX_EXTENSIONS = 8 };

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

bool skypefp_is_quoted(const packet_info *pinfo)
{
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer != NULL; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (proto == proto_icmp || proto == proto_icmpv6) {
            return true;
        }
    }
    return false;
}

static inline struct source make_source(tvbuff_t *tvb)
{
    uint32_t len = tvb_captured_length(tvb), wire_len = tvb_reported_length(tvb);

    return (struct source){
        .tvb = tvb,
        .data = len > 0 ? tvb_get_ptr(tvb, 0, (int)len) : (const uint8_t *)"",
        .len = len,
        .wire_len = MAX(len, wire_len),
    };
}

/* The innermost IP header's source address in a data source: its offset, or -1. IPv4's is a pointer into the octets.
 * IPv6's is a copy, so the pair of addresses is searched; it is found in the header, near the start. */
static inline int find_ipv4(const struct source *source, const address *net_src)
{
    uintptr_t at = (uintptr_t)net_src->data - (uintptr_t)source->data;

    return at < source->len ? (int)at : -1;
}

static int find_address(const struct source *source, const address *net_src, const address *net_dst)
{
    if (net_src->type == AT_IPv4) {
        return find_ipv4(source, net_src);
    }
    uint8_t pair[2 * SKYPEFP_IPV6_LEN];
    memcpy(pair, net_src->data, SKYPEFP_IPV6_LEN);
    memcpy(pair + SKYPEFP_IPV6_LEN, net_dst->data, SKYPEFP_IPV6_LEN);
    const uint8_t *found = memmem(source->data, source->len, pair, sizeof pair);
    return found != NULL ? (int)(found - source->data) : -1;
}

/* Finds the data source that holds the innermost IP header, and the offset of the source address in it; -1: none
 * does. Not inline, nor is what follows where it says so: nearly always IPv4 is in the frame, and not a fragment. */
G_GNUC_NO_INLINE static int find_source(packet_info *pinfo, struct source *source)
{
    int offset = find_address(source, &pinfo->net_src, &pinfo->net_dst);

    for (GSList *next = pinfo->data_src; offset < 0 && next != NULL; next = next->next) {
        *source = make_source(get_data_source_tvb(next->data));
        offset = find_address(source, &pinfo->net_src, &pinfo->net_dst);
    }
    return offset;
}

/* The header and its extensions, up to the one of a fragment. */
G_GNUC_NO_INLINE static bool read_ipv6(const uint8_t *header, uint32_t len, uint32_t frame_len, skypefp_span *span)
{
    if (!skypefp_read_ipv6(header, len, frame_len, span)) {
        return false;
    }
    for (unsigned i = 0; i < IPV6_MAX_EXTENSIONS && !span->is_fragment && skypefp_step_extension(span); i++) {
    }
    return true;
}

/* A defragmented payload is a data source of its own, which begins with the UDP or TCP header. Finds another one
 * than the fragment's. */
G_GNUC_NO_INLINE static bool find_reassembled(packet_info *pinfo, struct source *source, skypefp_span *span)
{
    const tvbuff_t *fragment_tvb = source->tvb;

    for (GSList *next = pinfo->data_src; next != NULL; next = next->next) {
        *source = make_source(get_data_source_tvb(next->data));
        if (source->tvb != fragment_tvb && source->len >= SKYPEFP_UDP_HEADER_LEN &&
            read_be16(source->data) == pinfo->srcport && read_be16(source->data + 2) == pinfo->destport) {
            span->data = source->data;
            span->len = source->len;
            span->wire_len = span->frame_len = source->wire_len;
            return true;
        }
    }
    return false;
}

/* Reads the IP header whose source address is at an offset of a data source. */
__attribute__((always_inline)) static inline bool read_ip(const struct source *source, int at_address, bool is_ipv4,
                                                          skypefp_span *span, skypefp_packet *packet)
{
    int at_src = is_ipv4 ? SKYPEFP_IPV4_AT_SRC : IPV6_AT_SRC, at_dst = is_ipv4 ? SKYPEFP_IPV4_AT_DST : IPV6_AT_DST;
    int header_len = is_ipv4 ? SKYPEFP_IPV4_HEADER_LEN : SKYPEFP_IPV6_HEADER_LEN;
    int at_header = at_address - at_src, len = (int)source->len - at_header;

    if (at_header < 0 || len < header_len) {
        return false;
    }
    const uint8_t *header = source->data + at_header;
    uint32_t frame_len = source->wire_len - (uint32_t)at_header;
    packet->src.bytes = header + at_src;
    packet->dst.bytes = header + at_dst;
    packet->src.len = packet->dst.len = is_ipv4 ? SKYPEFP_IPV4_LEN : SKYPEFP_IPV6_LEN;
    return is_ipv4 ? skypefp_read_ipv4(header, (uint32_t)len, frame_len, span)
                   : read_ipv6(header, (uint32_t)len, frame_len, span);
}

/* The same for one kind of addresses: the compiler makes two functions of it. */
__attribute__((always_inline)) static inline bool locate_as(packet_info *pinfo, tvbuff_t *frame_tvb, bool is_ipv4,
                                                            skypefp_packet *packet, struct located *located)
{
    struct source source = make_source(frame_tvb);
    skypefp_span span;
    int at_address = is_ipv4 ? find_ipv4(&source, &pinfo->net_src) : -1;

    if (at_address < 0) {
        at_address = find_source(pinfo, &source);
    }
    if (at_address < 0 || !read_ip(&source, at_address, is_ipv4, &span, packet) ||
        (span.is_fragment && !find_reassembled(pinfo, &source, &span)) ||
        (may_be_quoted(at_address) && skypefp_is_quoted(pinfo))) {
        return false;
    }
    bool is_read = span.protocol == SKYPEFP_IP_TCP   ? skypefp_read_tcp(&span, packet)
                   : span.protocol == SKYPEFP_IP_UDP ? skypefp_read_udp(&span, packet)
                                                     : false;
    if (!is_read) {
        return false;
    }
    packet->src.port = read_be16(span.data);
    packet->dst.port = read_be16(span.data + 2);
    located->tvb = source.tvb;
    located->offset = (int)(packet->data - source.data);
    located->is_outermost = is_ipv4 && is_outermost(pinfo, source.tvb, at_address);
    return true;
}

bool skypefp_locate_any(packet_info *pinfo, tvbuff_t *frame_tvb, skypefp_packet *packet, struct located *located)
{
    const address *src = &pinfo->net_src, *dst = &pinfo->net_dst;

    *packet = (skypefp_packet){ .frame = 0 };
    if (src->type != dst->type || src->len != dst->len || src->data == NULL || dst->data == NULL) {
        return false;
    }
    if (has_ipv4(src)) {
        return locate_as(pinfo, frame_tvb, true, packet, located);
    }
    return src->type == AT_IPv6 && src->len == SKYPEFP_IPV6_LEN && locate_as(pinfo, frame_tvb, false, packet, located);
}
