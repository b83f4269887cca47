/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What IP carries: UDP, TCP and tunnels, whole or in fragments. */
#include "carried.h"

#include "doubts.h"
#include "owned_ports.h"
#include "tunnels.h"

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
 *   0..1: source port   2..3: destination port   4..11: tag, checksum   and chunks:
 *   0: type   1: flags   2..3: length; padded to 4 octets outside of it   data (type 0): 12..15: protocol */
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
    struct layer payload = make_layer(packet->data, packet->len, packet->wire_len, false);
    bool is_doubtful = packet->wire_len > 0 && skypefp_is_doubtful_tcp(packet->src.port, packet->dst.port, payload);
    return is_doubtful ? NOT_SURE : PACKET;
}

/* Wireshark does not go into a datagram whose length field is less than its header; 0 is a jumbogram's over IPv6. */
static bool is_entered(const skypefp_span *span, bool is_ipv4)
{
    uint16_t stated = read_be16(span->data + SKYPEFP_UDP_AT_LENGTH);

    return stated >= SKYPEFP_UDP_HEADER_LEN || (stated == 0 && !is_ipv4);
}

/* A datagram that is in a tunnel of UDP, or may be one: the tunnel, if there is anything in it, or else the
 * datagram. */
static enum step walk_datagram(struct walk *walk, const skypefp_span *span)
{
    const skypefp_packet *packet = walk->packet;
    struct layer payload = make_layer(packet->data, packet->len, packet->wire_len, false);

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
    return make_layer(span->data, span->len, MIN(span->wire_len, span->frame_len), false);
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

enum step skypefp_walk_protocol(struct walk *walk, const skypefp_span *span)
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

enum step skypefp_walk_fragment(struct walk *walk, const skypefp_span *span, struct fragment *fragment)
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
    return skypefp_walk_protocol(walk, &whole);
}

/* ---- what is not whole ---- */

enum step skypefp_walk_doubtful(struct walk *walk, const skypefp_span *span)
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

enum step skypefp_take_payload(struct walk *walk, const skypefp_span *span)
{
    switch (span->protocol) {
    case SKYPEFP_IP_UDP:
        return take_udp(walk, span) ? PACKET : NO_PACKET;
    case SKYPEFP_IP_TCP:
        return take_tcp(walk, span);
    default:
        return NO_PACKET;
    }
}
