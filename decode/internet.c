/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6: fragments, extension headers, and what they carry. The headers themselves are drawn in headers.c. */
#define _GNU_SOURCE /* memmem */
#include "internet.h"

#include "doubts.h"
#include "fragments.h"
#include "headers.h"
#include "tunnels.h"

enum {
    IPV4_AT_LENGTH = 2,
    IPV4_AT_ID = 4,
    IPV4_AT_FRAGMENT = 6,
    IPV4_AT_SRC = 12,
    IPV4_AT_DST = 16,
    MORE_FRAGMENTS = 0x2000,
    OFFSET_MASK = 0x1fff,
    IPV6_AT_LENGTH = 4,
    IPV6_AT_SRC = 8,
    IPV6_AT_DST = 24,
    MAX_EXTENSIONS = 8,
    IPV6_FRAGMENT_LEN = 8,
    IPV6_AT_FRAGMENT = 2,
    IPV6_AT_ID = 4,
    IPV6_MORE_FRAGMENTS = 1,
    IPV6_OFFSET_MASK = 0xfff8,
    UDP_AT_LENGTH = 4,
};

/* ---- what IP carries ---- */

/* Payloads of SCTP in which Wireshark may come to packets: those of radio networks, flow records, knet. By their
 * numbers and by their ports. */
static bool is_sctp_carrier(uint32_t protocol, uint16_t src_port, uint16_t dst_port)
{
    static const uint16_t protocols[] = { 18, 19, 20, 24, 25, 27, 29, 31, 43, 44, 60, 61, 62, 64, 99 };
    static const uint16_t ports[] = { 2345,  4739,  9082,  9908,  29118, 29168, 29169, 36412,
                                      36422, 36443, 36444, 37464, 38412, 38422, 38462, 38472 };

    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (protocol == protocols[i]) {
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ports); i++) {
        if (src_port == ports[i] || dst_port == ports[i]) {
            return true;
        }
    }
    return false;
}

/* Messages of SCTP:
 *   0..1: source port   2..3: destination port   4..11: tag, checksum   chunks: 0: type   1: flags   2..3: length,
 * padded to 4 octets outside of it   data chunks (type 0): 12..15: protocol */
static bool is_quiet_sctp(const skypefp_span *span)
{
    enum { HEADER_LEN = 12, DATA = 0, INTERLEAVED_DATA = 64, DATA_LEN = 16, AT_PROTOCOL = 12, CHUNK_LEN = 4 };

    for (uint32_t at = HEADER_LEN; span->len >= at + CHUNK_LEN;) {
        const uint8_t *chunk = span->data + at;
        uint32_t len = read_be16(chunk + 2);
        if (chunk[0] == INTERLEAVED_DATA || len < CHUNK_LEN || (chunk[0] == DATA && span->len < at + DATA_LEN)) {
            return false;
        }
        if (chunk[0] == DATA &&
            is_sctp_carrier(read_be32(chunk + AT_PROTOCOL), read_be16(span->data), read_be16(span->data + 2))) {
            return false;
        }
        at += (len + 3) / 4 * 4;
    }
    return true;
}

/* Messages of ICMPv6 quote packets in errors, which are not new messages; a redirect's is not marked as quoted. */
static bool is_quiet_icmpv6(const skypefp_span *span)
{
    enum { REDIRECT = 137 };

    return span->len == 0 || span->data[0] != REDIRECT;
}

/* Whether a protocol's dissector never comes to another IP header than a quoted one. Wireshark has none for most
 * numbers. */
static bool is_quiet_protocol(const skypefp_span *span)
{
    enum { IGMP = 2, PIM_1_IN_IGMP = 0x14, PIM = 103, PIM_VERSION = 2, PIM_REGISTER = 1, SCTP = 132 };
    static const uint8_t carriers[] = { 0,  29, 36,  43,  44,  48,  51,  53,  54,  60,  80,  83,
                                        93, 97, 106, 108, 115, 136, 137, 139, 140, 143, 173, 224 };

    switch (span->protocol) {
    case IGMP:
        return span->len == 0 || span->data[0] != PIM_1_IN_IGMP;
    case SKYPEFP_IP_ICMPV6:
        return is_quiet_icmpv6(span);
    case PIM:
        return span->len == 0 || (span->data[0] >> 4 == PIM_VERSION && (span->data[0] & 0x0f) != PIM_REGISTER);
    case SCTP:
        return is_quiet_sctp(span);
    default:
        return memchr(carriers, span->protocol, sizeof carriers) == NULL;
    }
}

static enum step take_tcp(struct walk *walk, const skypefp_span *span)
{
    if (!skypefp_read_tcp(span, walk->packet)) {
        return NO_PACKET;
    }
    walk->packet->src.port = read_be16(span->data);
    walk->packet->dst.port = read_be16(span->data + 2);
    walk->packet->scope = scope_of(walk);
    return PACKET;
}

static enum step walk_tcp(struct walk *walk, const skypefp_span *span)
{
    const skypefp_packet *packet = walk->packet;

    if (take_tcp(walk, span) == NO_PACKET) {
        return NO_PACKET;
    }
    struct layer payload = { packet->data, packet->len, packet->wire_len, false };
    bool is_doubtful = packet->wire_len > 0 && skypefp_is_doubtful_tcp(packet->src.port, packet->dst.port, payload);
    return is_doubtful ? NOT_SURE : PACKET;
}

/* Wireshark does not go into a datagram whose length field is less than its header; 0 is a jumbogram's over IPv6. */
static bool is_entered(const skypefp_span *span, bool is_ipv4)
{
    uint16_t stated = read_be16(span->data + UDP_AT_LENGTH);

    return stated >= SKYPEFP_UDP_HEADER_LEN || (stated == 0 && !is_ipv4);
}

/* A datagram that is in a tunnel of UDP, or may be one: the tunnel, if there is anything in it, or else the
 * datagram. */
static enum step walk_datagram(struct walk *walk, const skypefp_span *span)
{
    const skypefp_packet *packet = walk->packet;
    struct layer payload = { packet->data, packet->len, packet->wire_len, false };

    if (!is_entered(span, packet->src.len == SKYPEFP_IPV4_LEN)) {
        return PACKET;
    }
    enum step step = skypefp_walk_udp_tunnel(walk, packet->src.port, packet->dst.port, payload);
    if (step != NO_IP) {
        walk->is_tunnel = true;
        walk->datagram = *packet;
        return step;
    }
    return skypefp_is_doubtful_udp(packet->src.port, packet->dst.port, payload) ? NOT_SURE : PACKET;
}

static bool take_udp(struct walk *walk, const skypefp_span *span)
{
    if (!skypefp_read_udp(span, walk->packet)) {
        return false;
    }
    walk->packet->src.port = read_be16(span->data);
    walk->packet->dst.port = read_be16(span->data + 2);
    walk->packet->scope = scope_of(walk);
    return true;
}

static enum step walk_udp(struct walk *walk, const skypefp_span *span)
{
    if (!take_udp(walk, span)) {
        return NO_PACKET;
    }
    return walk->is_readdressed ? NOT_SURE : walk_datagram(walk, span);
}

/* What an IP header encloses, as a layer. */
static struct layer layer_of(const skypefp_span *span)
{
    return (struct layer){ span->data, span->len, MIN(span->wire_len, span->frame_len), false };
}

static bool is_tunnel_protocol(uint8_t protocol)
{
    return protocol == SKYPEFP_IP_IPV4 || protocol == SKYPEFP_IP_IPV6 || protocol == SKYPEFP_IP_GRE;
}

/* A protocol other than UDP and TCP. */
static enum step walk_carrier(struct walk *walk, const skypefp_span *span)
{
    switch (span->protocol) {
    case SKYPEFP_IP_IPV4:
        return go(walk, TO_IP, layer_of(span));
    case SKYPEFP_IP_IPV6:
        return go(walk, TO_IPV6, layer_of(span));
    case SKYPEFP_IP_GRE:
        return go(walk, TO_GRE, layer_of(span));
    default:
        return is_quiet_protocol(span) ? NO_PACKET : NOT_SURE;
    }
}

static enum step walk_protocol(struct walk *walk, const skypefp_span *span)
{
    switch (span->protocol) {
    case SKYPEFP_IP_UDP:
        return walk_udp(walk, span);
    case SKYPEFP_IP_TCP:
        return walk_tcp(walk, span);
    default:
        return walk->is_readdressed && (is_tunnel_protocol(span->protocol) || !is_quiet_protocol(span))
                   ? NOT_SURE
                   : walk_carrier(walk, span);
    }
}
/* ---- fragments ---- */

/* Whether no dissector but the plugin's may claim the beginning of a datagram, or end in its middle. */
static bool is_clear_beginning(const struct walk *walk)
{
    enum { LONGEST_HEADER = 28 }; /* that a heuristic reads (doubts.c) */
    const skypefp_packet *packet = walk->packet;

    return !walk->is_readdressed && packet->len >= LONGEST_HEADER && !skypefp_is_owned_udp_port(packet->src.port) &&
           !skypefp_is_owned_udp_port(packet->dst.port);
}

/* Wireshark takes the beginning of a datagram for all of it when its fragments were not captured whole, the plugin
 * does so for UDP alone, and only when no other dissector claims it. */
static enum step walk_beginning(struct walk *walk, const skypefp_span *span)
{
    if (span->protocol == SKYPEFP_IP_TCP) {
        return walk_tcp(walk, span) == NOT_SURE ? NOT_SURE : NO_PACKET;
    }
    if (span->protocol == SKYPEFP_IP_UDP) {
        return !take_udp(walk, span) || !is_entered(span, true) ? NO_PACKET
               : is_clear_beginning(walk)                       ? walk_datagram(walk, span)
                                                                : NOT_SURE;
    }
    return !is_tunnel_protocol(span->protocol) && is_quiet_protocol(span) ? NO_PACKET : NOT_SURE;
}

/* Whether nothing can be observed in a datagram of a protocol, whatever its fragments are put together to. */
static bool is_quiet_fragment(const skypefp_span *span, const struct fragment *fragment)
{
    return span->protocol == SKYPEFP_IP_ICMP ||
           (span->protocol == SKYPEFP_IP_ICMPV6 && (fragment->offset > 0 || is_quiet_icmpv6(span)));
}

static enum step walk_fragment(struct walk *walk, const skypefp_span *span, struct fragment *fragment)
{
    skypefp_span whole = { .protocol = span->protocol };

    if (walk->is_reassembled || walk->is_trial) {
        return NOT_SURE; /* a fragment in a fragmented datagram, or perhaps none */
    }
    if (span->len < span->wire_len) {
        /* Wireshark shows what is left of IPv6 as data. */
        bool is_beginning = fragment->offset == 0 && walk->packet->src.len == SKYPEFP_IPV4_LEN;
        return is_beginning ? walk_beginning(walk, span) : NO_PACKET;
    }
    fragment->src = walk->packet->src.bytes;
    fragment->dst = walk->packet->dst.bytes;
    fragment->address_len = walk->packet->src.len;
    fragment->vlan = walk->vlan;
    fragment->data = span->data;
    fragment->len = span->len;
    switch (skypefp_fragments_join(walk->fragments, fragment, &whole.data, &whole.len)) {
    case JOINED_PART:
        return NO_PACKET;
    case JOINED_REFUSED:
        return is_quiet_fragment(span, fragment) ? NO_PACKET : NOT_SURE;
    case JOINED_WHOLE:
        break;
    }
    whole.wire_len = whole.frame_len = whole.len;
    walk->is_reassembled = true;
    return walk_protocol(walk, &whole);
}

/* ---- IPv4 ---- */

/* Source routes change the destination that Wireshark shows. */
static bool has_source_route(const uint8_t *options, uint32_t len)
{
    enum { LOOSE = 131, STRICT = 137 };

    return memchr(options, LOOSE, len) != NULL || memchr(options, STRICT, len) != NULL;
}

static enum step walk_ipv4_fragment(struct walk *walk, const uint8_t *header, const skypefp_span *span)
{
    uint16_t field = read_be16(header + IPV4_AT_FRAGMENT);
    struct fragment fragment = {
        .id = read_be16(header + IPV4_AT_ID) ^ (uint32_t)span->protocol,
        .offset = (field & OFFSET_MASK) * 8u,
        .is_last = (field & MORE_FRAGMENTS) == 0,
    };

    return walk_fragment(walk, span, &fragment);
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

    return (struct layer){ layer.data, walk->frame_len - at, walk->frame_wire_len - at, true };
}

/* Where the frame begins with IP, Wireshark cuts the frame itself to what the header says. */
static void cut_frame(struct walk *walk, struct layer layer, uint32_t stated)
{
    if (layer.data == walk->frame && stated < walk->frame_wire_len) {
        walk->frame_wire_len = stated;
        walk->frame_len = MIN(walk->frame_len, stated);
    }
}

/* A header whose length is doubtful: sure of segments, which only the plugin looks for, and of what is quiet. */
static enum step walk_doubtful(struct walk *walk, const skypefp_span *span)
{
    if (walk->is_reassembled || span->is_fragment || walk->is_trial) {
        return NOT_SURE;
    }
    if (span->protocol == SKYPEFP_IP_TCP) {
        return walk_tcp(walk, span);
    }
    return span->protocol != SKYPEFP_IP_UDP && !is_tunnel_protocol(span->protocol) && is_quiet_protocol(span)
               ? NO_PACKET
               : NOT_SURE;
}

/* Notes an IP header with the addresses at two offsets. */
static void enter_ip(struct walk *walk, const uint8_t *header, uint32_t at_src, uint32_t at_dst, uint8_t address_len)
{
    walk->n_ip++;
    walk->n_scoped++;
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
        walk->n_scoped++;
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
    uint32_t header_len = (layer.data[0] & 0x0fu) * 4u, stated = read_be16(layer.data + IPV4_AT_LENGTH);
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
    enter_ip(walk, layer.data, IPV4_AT_SRC, IPV4_AT_DST, SKYPEFP_IPV4_LEN);
    walk->is_readdressed = has_source_route(layer.data + SKYPEFP_IPV4_HEADER_LEN, header_len - SKYPEFP_IPV4_HEADER_LEN);
    return is_doubtful        ? walk_doubtful(walk, &span)
           : span.is_fragment ? walk_ipv4_fragment(walk, layer.data, &span)
                              : walk_protocol(walk, &span);
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

    return is_extension(span->protocol) ? NOT_SURE : walk_fragment(walk, span, &fragment);
}

static enum step walk_extensions(struct walk *walk, skypefp_span *span)
{
    for (unsigned i = 0; is_extension(span->protocol); i++) {
        const uint8_t *extension = span->data;
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
    return walk_protocol(walk, span);
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
    if (span->protocol == SKYPEFP_IP_UDP) {
        return take_udp(walk, span) ? PACKET : NO_PACKET;
    }
    return span->protocol == SKYPEFP_IP_TCP ? take_tcp(walk, span) : NO_PACKET;
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
    return walk->n_ip == 0 || (!walk->is_reassembled && memmem(walk->frame, walk->frame_len, header + IPV6_AT_SRC,
                                                               2 * SKYPEFP_IPV6_LEN) == header + IPV6_AT_SRC);
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
             : is_doubtful ? walk_doubtful(walk, &span)
                         : walk_extensions(walk, &span);
}

enum step skypefp_walk_ip(struct walk *walk, struct layer layer)
{
    if (layer.len == 0) {
        return walk->n_ip == 0 ? NO_IP : NOT_SURE;
    }
    return skypefp_walk_ipv4(walk, layer);
}
