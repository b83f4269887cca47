/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layers of a frame, private to decode/: each parser takes the octets of its layer and goes down to the next.
 *
 * What Wireshark's plugin observes in a frame is the innermost IP header that its dissectors came to, and the datagram or segment
 * behind it; a tunnel that holds no IP header counts as a datagram itself. Hence four outcomes. */
#ifndef SKYPEFP_LAYERS_H
#define SKYPEFP_LAYERS_H

#include "decode.h"
#include "fragments.h"
#include "headers.h"

#include "address.h"

enum outcome {
    NO_IP,                      /* no IP header here: what encloses this layer counts */
    NO_PACKET,                  /* an IP header, and nothing to observe behind it */
    PACKET,                     /* walk->packet is filled in */
    NOT_SURE,
};

enum { MAX_LAYERS = 16 };       /* inside of one another; Wireshark goes deeper, which is NOT_SURE */

/* The octets of one layer. */
struct layer {
    const uint8_t *data;
    uint32_t len;               /* captured */
    uint32_t wire_len;          /* on the wire, >= len */
    bool is_open;               /* it ends where the frame ends; otherwise a length field of an outer layer has cut it */
};

/* The way down through one frame. */
struct walk {
    struct fragments *fragments;
    skypefp_packet *packet;
    const uint8_t *frame;       /* the captured octets of it, for what Wireshark searches */
    uint32_t frame_len;
    unsigned n_layers;
    unsigned n_ip;              /* IP headers so far */
    bool is_tagged;
    uint16_t outer_vlan;        /* with is_tagged: identifiers of the first and the last tag */
    uint16_t inner_vlan;
    bool is_reassembled;        /* in a datagram that was put together from fragments */
    bool is_trial;              /* one of two ways to take the same octets */
};

/* The layer behind the first n octets, which were captured. */
static inline struct layer layer_after(struct layer layer, uint32_t n)
{
    return (struct layer){ layer.data + n, layer.len - n, layer.wire_len - n, layer.is_open };
}

/* The layer cut to what a length field says; a longer one leaves it as it is. */
static inline struct layer layer_cut(struct layer layer, uint32_t wire_len)
{
    if (wire_len < layer.wire_len) {
        return (struct layer){ layer.data, MIN(layer.len, wire_len), wire_len, false };
    }
    return layer;
}

/* ethernet.c */
enum outcome skypefp_walk_ethernet(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_ethertype(struct walk *walk, uint16_t type, struct layer layer);
enum outcome skypefp_walk_llc(struct walk *walk, struct layer layer);

/* link.c */
enum outcome skypefp_walk_null(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_loop(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_raw(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_sll(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_sll2(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_chdlc(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_ppp_hdlc(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_ppp(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_pppoe(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_mpls(struct walk *walk, struct layer layer);

/* wireless.c */
enum outcome skypefp_walk_radiotap(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_wireless(struct walk *walk, struct layer layer);

/* internet.c; the second takes either version. */
enum outcome skypefp_walk_ipv4(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_ipv6(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_ip(struct walk *walk, struct layer layer);

/* tunnels.c. The second: the payload of a UDP datagram; NO_IP when its ports are not a tunnel's. */
enum outcome skypefp_walk_gre(struct walk *walk, struct layer layer);
enum outcome skypefp_walk_udp_tunnel(struct walk *walk, uint16_t src_port, uint16_t dst_port, struct layer layer);

/* doubts.c: whether one of Wireshark's dissectors may find packets inside of a payload where decode/ does not look. */
bool skypefp_is_doubtful_udp(uint16_t src_port, uint16_t dst_port, struct layer payload);
bool skypefp_is_doubtful_tcp(uint16_t src_port, uint16_t dst_port, struct layer payload);

#endif
