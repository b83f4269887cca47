/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The usual case of locating, inline: a whole segment or datagram over IPv4, in the frame itself. What is not plain
 * goes to skypefp_locate_any(), which comes to the same for what is. */
#ifndef SKYPEFP_LOCATE_PLAIN_H
#define SKYPEFP_LOCATE_PLAIN_H

#include "locate.h"
#include "place.h"

/* Whether the IP header that pinfo shows, of a payload in a buffer, is so near the start of the frame that no other one
 * fits before it. False: one may enclose it. */
static inline bool skypefp_is_outermost(const packet_info *pinfo, tvbuff_t *tvb)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);

    if (pinfo->net_src.type != AT_IPv4 || tvb_captured_length(source) == 0) {
        return false;
    }
    uintptr_t at_address = (uintptr_t)pinfo->net_src.data - (uintptr_t)tvb_get_ptr(source, 0, 1);
    return at_address <= INT_MAX && is_outermost(pinfo, source, (int)at_address);
}

static inline bool are_ipv4(const packet_info *pinfo)
{
    return has_ipv4(&pinfo->net_src) && has_ipv4(&pinfo->net_dst);
}

static inline bool read_transport(const skypefp_span *span, skypefp_packet *packet)
{
    if (span->protocol == SKYPEFP_IP_TCP) {
        return skypefp_read_tcp(span, packet);
    }
    packet->tcp_seq = packet->tcp_ack = packet->tcp_flags = 0;
    return span->protocol == SKYPEFP_IP_UDP && skypefp_read_udp(span, packet);
}

/* Reads the headers of a plain packet: of IPv4 and not a fragment, captured whole. The source address is at an offset
 * of a data source, and the packet ends at another or before it. False: it may be something else. What the frame says
 * of the length is not asked for, because a packet that was captured whole does not need it: it counts as 0. */
__attribute__((always_inline)) static inline bool read_plain(const uint8_t *start, uintptr_t at_address, uintptr_t end,
                                                             skypefp_packet *packet)
{
    skypefp_span span;

    if (at_address < SKYPEFP_IPV4_AT_SRC || at_address >= end ||
        end - at_address < SKYPEFP_IPV4_HEADER_LEN - SKYPEFP_IPV4_AT_SRC) {
        return false;
    }
    const uint8_t *header = start + at_address - SKYPEFP_IPV4_AT_SRC;
    if (!skypefp_read_ipv4(header, (uint32_t)(start + end - header), 0, &span) || span.is_fragment ||
        !read_transport(&span, packet) || packet->len != packet->wire_len) {
        return false;
    }
    packet->src = (skypefp_address){ header + SKYPEFP_IPV4_AT_SRC, SKYPEFP_IPV4_LEN, read_be16(span.data), 0 };
    packet->dst = (skypefp_address){ header + SKYPEFP_IPV4_AT_DST, SKYPEFP_IPV4_LEN, read_be16(span.data + 2), 0 };
    packet->scope = 0;
    return true;
}

/* Whether an ICMP error quotes the header whose source address is at an offset of a data source. */
static inline bool is_quoted_at(const packet_info *pinfo, uintptr_t at_address)
{
    return may_be_quoted((int)at_address) && skypefp_is_quoted(pinfo);
}

__attribute__((always_inline)) static inline bool locate_plain(const packet_info *pinfo, tvbuff_t *frame_tvb,
                                                               skypefp_packet *packet, struct located *located)
{
    uint32_t len = tvb_captured_length(frame_tvb);

    if (len == 0 || !are_ipv4(pinfo)) {
        return false;
    }
    const uint8_t *start = tvb_get_ptr(frame_tvb, 0, (int)len);
    uintptr_t at_address = (uintptr_t)pinfo->net_src.data - (uintptr_t)start;

    if (!read_plain(start, at_address, len, packet)) {
        return false;
    }
    *located = (struct located){ frame_tvb, (int)(packet->data - start), is_first((int)at_address) };
    return !is_quoted_at(pinfo, at_address);
}

/* As skypefp_locate_any(), of the frame itself. */
__attribute__((always_inline)) static inline bool skypefp_locate(packet_info *pinfo, tvbuff_t *frame_tvb,
                                                                 skypefp_packet *packet, struct located *located)
{
    return locate_plain(pinfo, frame_tvb, packet, located) || skypefp_locate_any(pinfo, frame_tvb, packet, located);
}

/* The same of a segment whose payload, of len octets, Wireshark has found: tvb. False, too, when the buffer is not the
 * payload of one segment, but a part of it, or several put together. */
static inline bool skypefp_locate_segment(packet_info *pinfo, tvbuff_t *tvb, uint32_t len, skypefp_packet *packet,
                                          struct located *located)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);
    uint32_t source_len = tvb_captured_length(source);
    /* All of it, and first: then the payload is in the same octets, even if the source is put together from several. */
    const uint8_t *start = tvb_get_ptr(source, 0, (int)source_len);
    const uint8_t *payload = tvb_get_ptr(tvb, 0, (int)len);
    uintptr_t at_payload = (uintptr_t)payload - (uintptr_t)start;

    if (are_ipv4(pinfo) && at_payload <= source_len && len <= source_len - at_payload) {
        uintptr_t at_address = (uintptr_t)pinfo->net_src.data - (uintptr_t)start;

        if (read_plain(start, at_address, at_payload + len, packet) && packet->data == payload && packet->len == len) {
            *located = (struct located){ source, (int)at_payload, is_outermost(pinfo, source, (int)at_address) };
            return !is_quoted_at(pinfo, at_address);
        }
    }
    return skypefp_locate_any(pinfo, source, packet, located) && packet->len == len && packet->data == payload;
}

#endif
