/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way down through the layers of a frame, private to decode/: each parser takes the octets of its layer and
 * names the next.
 *
 * What Wireshark's plugin observes in a frame is the innermost IP header that its dissectors came to, and the
 * datagram or segment after it; a tunnel that holds no IP header counts as a datagram itself. */
#ifndef SKYPEFP_WALK_H
#define SKYPEFP_WALK_H

#include "skypefp.h"

#include "address.h"

#include <string.h>

/* What a parser comes to: the end of the way, or the layer that is next, in walk->layer. */
enum step {
    NO_IP,     /* no IP header here: what encloses this layer counts */
    NO_PACKET, /* an IP header, and nothing to observe after it */
    PACKET,    /* walk->packet is filled in */
    NOT_SURE,
    TO_ETHERNET,
    TO_ETHERTYPE, /* of the type in walk->type */
    TO_LLC,
    TO_WIRELESS,
    TO_IP, /* version 4, where Wireshark looks at the version once more */
    TO_IPV4,
    TO_IPV6,
    TO_PPP,
    TO_PPP_HDLC,
    TO_PPPOE,
    TO_MPLS,
    TO_PSEUDOWIRE,
    TO_GRE,
    TO_OSI,
    TO_CISCO_HDLC,
    N_STEPS
};

enum { MAX_LAYERS = 24 }; /* inside of one another; Wireshark goes deeper, which is NOT_SURE */

/* The octets of one layer: two words, so that a call takes them in registers. */
struct layer {
    const uint8_t *data;
    uint32_t len;           /* captured */
    uint32_t wire_len : 31; /* on the wire, >= len: a frame's is at most INT32_MAX; arithmetic takes it for an int */
    uint32_t is_open : 1;   /* it ends where the frame ends; otherwise a length field of an outer layer has cut it */
};

static inline struct layer make_layer(const uint8_t *data, uint32_t len, uint32_t wire_len, bool is_open)
{
    return (struct layer){ data, len, wire_len & INT32_MAX, is_open };
}

struct fragments;

struct walk {
    struct fragments *fragments;
    skypefp_packet *packet;
    const uint8_t *frame; /* the captured octets of it, for what Wireshark searches */
    uint32_t frame_len;
    uint32_t frame_wire_len;
    struct layer layer; /* the next one */
    uint16_t type;
    unsigned n_ip;     /* IP headers so far */
    unsigned n_scoped; /* of these since the last LLC that one followed */
    bool begins_again; /* an LLC, and no IP header since */
    uint16_t vlan;     /* identifier of the first tag of 802.1Q or ERSPAN that is not 0, as Wireshark has it; 0: none */
    bool is_reassembled; /* in a datagram that was put together from fragments */
    bool is_trial;       /* one of two ways to take the same octets */
    bool is_readdressed; /* an extension header or a source route may have changed the addresses that Wireshark has */
    bool is_tunnel;      /* in the datagram below, with no other IP header yet */
    skypefp_packet datagram; /* with is_tunnel */
};

/* Goes on with a layer. */
static inline enum step go(struct walk *walk, enum step step, struct layer layer)
{
    walk->layer = layer;
    return step;
}

/* Goes on with IP of the version in the first octet. */
static inline enum step go_to_ip(struct walk *walk, struct layer layer)
{
    int version = layer.len > 0 ? layer.data[0] >> 4 : 0;

    return version == 4                        ? go(walk, TO_IPV4, layer)
           : version == 6                      ? go(walk, TO_IPV6, layer)
           : layer.len == 0 && walk->n_ip == 0 ? NO_IP
                                               : NOT_SURE;
}

/* Notes a tag; the first one that says anything counts. */
static inline void note_vlan(struct walk *walk, uint16_t id)
{
    walk->vlan = walk->vlan == 0 ? id : walk->vlan;
}

/* Where the packet is in the network, as skypefp_packet has it; the plugin counts from the last LLC on. */
static inline uint32_t scope_of(const struct walk *walk)
{
    return (walk->n_scoped > 0 ? walk->n_scoped - 1u : 0) << 16 | walk->vlan;
}

/* The layer after the first n octets, which were captured. */
static inline struct layer layer_after(struct layer layer, uint32_t n)
{
    return make_layer(layer.data + n, layer.len - n, layer.wire_len - n, layer.is_open);
}

/* The layer cut to what a length field says; a longer one leaves it as it is. */
static inline struct layer layer_cut(struct layer layer, uint32_t wire_len)
{
    if (wire_len < layer.wire_len) {
        return make_layer(layer.data, MIN(layer.len, wire_len), wire_len, false);
    }
    return layer;
}

#endif
