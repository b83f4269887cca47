/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6: fragments and extension headers. The headers themselves are drawn in headers.h and headers.c. */
#define _GNU_SOURCE /* memmem */
#include "internet.h"

#include "carried.h"
#include "headers.h"

enum {
    IPV4_AT_ID = 4,
    MORE_FRAGMENTS = 0x2000,
    OFFSET_MASK = 0x1fff,
    IPV6_AT_LENGTH = 4,
    IPV6_AT_SRC = 8,
    IPV6_AT_DST = 24,
    MAX_EXTENSIONS = 8,
    IPV6_AT_FRAGMENT = 2,
    IPV6_AT_ID = 4,
    IPV6_MORE_FRAGMENTS = 1,
    IPV6_OFFSET_MASK = 0xfff8,
};

/* ---- IPv4 ---- */

/* Source routes change the destination that Wireshark shows. */
static bool has_source_route(const uint8_t *options, uint32_t len)
{
    enum { LOOSE = 131, STRICT = 137 };

    return memchr(options, LOOSE, len) != NULL || memchr(options, STRICT, len) != NULL;
}

static enum step walk_ipv4_fragment(struct walk *walk, const uint8_t *header, const skypefp_span *span)
{
    uint16_t field = read_be16(header + SKYPEFP_IPV4_AT_FRAGMENT);
    struct fragment fragment = {
        .id = read_be16(header + IPV4_AT_ID) ^ (uint32_t)span->protocol,
        .offset = (field & OFFSET_MASK) * 8u,
        .is_last = (field & MORE_FRAGMENTS) == 0,
    };

    return skypefp_walk_fragment(walk, span, &fragment);
}

/* Whether an outer layer leaves less room than the header says, or the header says nothing: Wireshark's dissector
 * and the plugin measure it at different ends. */
static bool is_length_doubtful(struct layer layer, uint32_t stated)
{
    return !layer.is_open && (stated == 0 || stated > layer.wire_len);
}

/* The layer as the plugin sees it, which looks for segments in the frame: to the end of that. */
static struct layer layer_in_frame(const struct walk *walk, struct layer layer)
{
    uint32_t at = (uint32_t)(layer.data - walk->frame);

    return make_layer(layer.data, walk->frame_len - at, walk->frame_wire_len - at, true);
}

/* Where the frame begins with IP, Wireshark cuts the frame itself to what the header says. */
static void cut_frame(struct walk *walk, struct layer layer, uint32_t stated)
{
    if (layer.data == walk->frame && stated < walk->frame_wire_len) {
        walk->frame_wire_len = stated;
        walk->frame_len = MIN(walk->frame_len, stated);
    }
}

static void count_scoped(struct walk *walk)
{
    walk->n_scoped = walk->begins_again ? 1 : walk->n_scoped + 1;
    walk->begins_again = false;
}

/* Notes an IP header with the addresses at two offsets. */
static void enter_ip(struct walk *walk, const uint8_t *header, uint32_t at_src, uint32_t at_dst, uint8_t address_len)
{
    walk->n_ip++;
    count_scoped(walk);
    walk->is_tunnel = false;
    walk->is_readdressed = false;
    walk->packet->src = (skypefp_address){ .bytes = header + at_src, .len = address_len };
    walk->packet->dst = (skypefp_address){ .bytes = header + at_dst, .len = address_len };
}

/* Not an IP header of the version that was expected. Wireshark goes on with version 6 all the same, and counts a
 * header more. */
static enum step walk_other_version(struct walk *walk, struct layer layer)
{
    if (layer.data[0] >> 4 == 6) {
        count_scoped(walk);
        return go(walk, TO_IPV6, layer);
    }
    return walk->n_ip == 0 ? NO_IP : NOT_SURE;
}

enum step skypefp_walk_ipv4(struct walk *walk, struct layer layer)
{
    skypefp_span span;

    if (layer.len > 0 && layer.data[0] >> 4 != 4) {
        return walk_other_version(walk, layer);
    }
    if (layer.len < SKYPEFP_IPV4_HEADER_LEN) {
        return walk->n_ip == 0 ? NO_IP : NOT_SURE;
    }
    uint32_t header_len = (layer.data[0] & 0x0fu) * 4u, stated = read_be16(layer.data + SKYPEFP_IPV4_AT_LENGTH);
    bool is_doubtful = is_length_doubtful(layer, stated);
    if (header_len < SKYPEFP_IPV4_HEADER_LEN || (stated != 0 && stated < header_len)) {
        return walk->n_ip == 0 ? NO_IP : NOT_SURE; /* Wireshark leaves it before it takes the addresses */
    }
    if (is_doubtful && (walk->is_reassembled || layer.len < header_len)) {
        return NOT_SURE;
    }
    layer = is_doubtful ? layer_in_frame(walk, layer) : layer;
    if (!skypefp_read_ipv4(layer.data, layer.len, layer.wire_len, &span)) {
        return walk->n_ip == 0 ? NO_PACKET : NOT_SURE;
    }
    cut_frame(walk, layer, stated != 0 ? stated : layer.wire_len);
    enter_ip(walk, layer.data, SKYPEFP_IPV4_AT_SRC, SKYPEFP_IPV4_AT_DST, SKYPEFP_IPV4_LEN);
    walk->is_readdressed = has_source_route(layer.data + SKYPEFP_IPV4_HEADER_LEN, header_len - SKYPEFP_IPV4_HEADER_LEN);
    return is_doubtful        ? skypefp_walk_doubtful(walk, &span)
           : span.is_fragment ? walk_ipv4_fragment(walk, layer.data, &span)
                              : skypefp_walk_protocol(walk, &span);
}

/* ---- IPv6 ---- */

/* RFC 8200, options of hop-by-hop and destination headers:
 *   0: type   1: length of the data; type 0 is one octet of padding
 * Some change what Wireshark takes for an address or a length. */
static bool has_plain_options(const uint8_t *extension, uint32_t len)
{
    enum { PAD_1 = 0, PAD_N = 1, TUNNEL_LIMIT = 4, ROUTER_ALERT = 5 };
    uint32_t at = 2;

    while (at < len) {
        uint8_t type = extension[at];
        if (type == PAD_1) {
            at++;
        } else if ((type == PAD_N || type == TUNNEL_LIMIT || type == ROUTER_ALERT) && len - at >= 2) {
            at += 2u + extension[at + 1];
        } else {
            return false;
        }
    }
    return at == len;
}

/* Steps over one extension header, and notes when it may change the addresses that Wireshark has for datagrams.
 * Segments are looked for after the header's own addresses. False: it was not captured whole. */
static bool step_extension(struct walk *walk, skypefp_span *span)
{
    const skypefp_span before = *span;

    if (!skypefp_step_extension(span)) {
        return false;
    }
    switch (before.protocol) {
    case SKYPEFP_IP_HOP_BY_HOP:
    case SKYPEFP_IP_DESTINATION:
        walk->is_readdressed = walk->is_readdressed || !has_plain_options(before.data, before.len - span->len);
        break;
    case SKYPEFP_IP_ROUTING:
    case SKYPEFP_IP_AH:
        walk->is_readdressed = true;
        break;
    default:
        break;
    }
    return true;
}

static bool is_extension(uint8_t protocol)
{
    return protocol == SKYPEFP_IP_HOP_BY_HOP || protocol == SKYPEFP_IP_ROUTING || protocol == SKYPEFP_IP_FRAGMENT ||
           protocol == SKYPEFP_IP_AH || protocol == SKYPEFP_IP_DESTINATION;
}

static enum step walk_ipv6_fragment(struct walk *walk, const uint8_t *extension, const skypefp_span *span)
{
    uint16_t field = read_be16(extension + IPV6_AT_FRAGMENT);
    struct fragment fragment = {
        .id = read_be32(extension + IPV6_AT_ID),
        .offset = field & IPV6_OFFSET_MASK,
        .is_last = (field & IPV6_MORE_FRAGMENTS) == 0,
    };

    return is_extension(span->protocol) ? NOT_SURE : skypefp_walk_fragment(walk, span, &fragment);
}

static enum step walk_extensions(struct walk *walk, skypefp_span *span)
{
    for (unsigned i = 0; is_extension(span->protocol); i++) {
        const uint8_t *extension = span->data; // cppcheck-suppress variableScope; the span moves on
        if (i == MAX_EXTENSIONS) {
            return NOT_SURE;
        }
        if (!step_extension(walk, span)) {
            return NO_PACKET; /* neither Wireshark nor the plugin comes farther */
        }
        if (span->is_fragment) {
            return walk_ipv6_fragment(walk, extension, span);
        }
    }
    return skypefp_walk_protocol(walk, span);
}

/* A header that says that nothing follows it: Wireshark does not look farther, but the plugin does, to the end of the
 * frame. */
static enum step walk_offload(struct walk *walk, skypefp_span *span)
{
    for (unsigned i = 0; i < MAX_EXTENSIONS && !span->is_fragment && skypefp_step_extension(span); i++) {
    }
    if (span->is_fragment) {
        return NO_PACKET;
    }
    return skypefp_take_payload(walk, span);
}

/* RFC 2675: a length in an option of the first extension header. True when there may be one. */
static bool may_be_jumbogram(const skypefp_span *span)
{
    enum { JUMBO = 0xc2 };
    uint32_t len = span->len >= 2 ? MIN((span->data[1] + 1u) * 8u, span->len) : span->len;

    return span->protocol == SKYPEFP_IP_HOP_BY_HOP && memchr(span->data, JUMBO, len) != NULL;
}

/* The plugin looks for a pair of addresses of IPv6 in the frame, and must find it in this header first. */
static bool is_found_here(const struct walk *walk, const uint8_t *header)
{
    static const size_t PAIR_LEN = (size_t)2 * SKYPEFP_IPV6_LEN;
    const uint8_t *pair = header + IPV6_AT_SRC;

    return walk->n_ip == 0 || (!walk->is_reassembled && memmem(walk->frame, walk->frame_len, pair, PAIR_LEN) == pair);
}

enum step skypefp_walk_ipv6(struct walk *walk, struct layer layer)
{
    skypefp_span span;

    if (layer.len > 0 && layer.data[0] >> 4 != 6) {
        return walk->n_ip == 0 ? NO_IP : NOT_SURE;
    }
    if (layer.len < SKYPEFP_IPV6_HEADER_LEN) {
        return walk->n_ip == 0 ? NO_IP : NOT_SURE;
    }
    uint32_t stated = read_be16(layer.data + IPV6_AT_LENGTH);
    bool is_doubtful = is_length_doubtful(layer, stated + SKYPEFP_IPV6_HEADER_LEN);
    if (!is_found_here(walk, layer.data) || (stated == 0 && !layer.is_open) || (is_doubtful && walk->is_reassembled)) {
        return NOT_SURE;
    }
    layer = is_doubtful ? layer_in_frame(walk, layer) : layer;
    if (!skypefp_read_ipv6(layer.data, layer.len, layer.wire_len, &span) || (stated == 0 && may_be_jumbogram(&span))) {
        return NOT_SURE;
    }
    cut_frame(walk, layer, stated != 0 ? stated + SKYPEFP_IPV6_HEADER_LEN : layer.wire_len);
    enter_ip(walk, layer.data, IPV6_AT_SRC, IPV6_AT_DST, SKYPEFP_IPV6_LEN);
    bool is_frame = layer.data == walk->frame; /* which Wireshark has then cut to the header */
    return stated == 0   ? is_frame ? NO_PACKET : walk_offload(walk, &span)
             : is_doubtful ? skypefp_walk_doubtful(walk, &span)
                         : walk_extensions(walk, &span);
}

enum step skypefp_walk_ip(struct walk *walk, struct layer layer)
{
    if (layer.len == 0) {
        return walk->n_ip == 0 ? NO_IP : NOT_SURE;
    }
    return skypefp_walk_ipv4(walk, layer);
}
