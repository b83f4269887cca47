/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a frame and its link type. */
#include "decode.h"

#include "doubts.h"
#include "ethernet.h"
#include "fragments.h"
#include "internet.h"
#include "link_type.h"
#include "llc.h"
#include "mpls.h"
#include "ppp.h"
#include "tunnels.h"
#include "wireless.h"

struct skypefp_decoder {
    struct fragments *fragments;
};

skypefp_decoder *skypefp_decoder_new(void)
{
    skypefp_decoder *decoder = g_new0(skypefp_decoder, 1);

    decoder->fragments = skypefp_fragments_new();
    return decoder;
}

void skypefp_decoder_free(skypefp_decoder *decoder)
{
    if (decoder != NULL) {
        skypefp_fragments_free(decoder->fragments);
        g_free(decoder);
    }
}

void skypefp_decoder_recover(skypefp_decoder *decoder)
{
    if (skypefp_fragments_are_confused(decoder->fragments)) {
        skypefp_fragments_free(decoder->fragments);
        decoder->fragments = skypefp_fragments_new();
    }
}

/* ---- from layer to layer ---- */

typedef enum step walker(struct walk *walk, struct layer layer);

static walker *const walkers[N_STEPS] = {
    [TO_ETHERNET] = skypefp_walk_ethernet,
    [TO_ETHERTYPE] = skypefp_walk_ethertype,
    [TO_LLC] = skypefp_walk_llc,
    [TO_WIRELESS] = skypefp_walk_wireless,
    [TO_IP] = skypefp_walk_ip,
    [TO_IPV4] = skypefp_walk_ipv4,
    [TO_IPV6] = skypefp_walk_ipv6,
    [TO_PPP] = skypefp_walk_ppp,
    [TO_PPP_HDLC] = skypefp_walk_ppp_hdlc,
    [TO_PPPOE] = skypefp_walk_pppoe,
    [TO_MPLS] = skypefp_walk_mpls,
    [TO_GRE] = skypefp_walk_gre,
    [TO_OSI] = skypefp_walk_osi,
    [TO_CISCO_HDLC] = skypefp_walk_chdlc,
};

/* Walks to an end, or to a pseudowire. */
static enum step walk_layers(struct walk *walk, enum step step)
{
    for (unsigned i = 0; walkers[step] != NULL; i++) {
        if (i == MAX_LAYERS) {
            return NOT_SURE;
        }
        step = walkers[step](walk, walk->layer);
    }
    return step;
}

static bool is_without_packet(struct walk trial, uint32_t n)
{
    enum step step;

    trial.is_trial = true;
    trial.layer = layer_after(trial.layer, n);
    step = walk_layers(&trial, TO_ETHERNET);
    return step == NO_PACKET || (step == NO_IP && !trial.is_tunnel);
}

/* RFC 4448, a frame after labels, with or without a control word of 4 octets in front; Wireshark decides by the
 * names of manufacturers that it knows. Sure only when there is no packet in either way. */
static enum step walk_pseudowire(const struct walk *walk)
{
    enum { CONTROL_LEN = 4 };

    return walk->n_ip == 0 && is_without_packet(*walk, 0) && is_without_packet(*walk, CONTROL_LEN) ? NO_PACKET
                                                                                                   : NOT_SURE;
}

/* A tunnel without an IP header in it is a datagram itself. */
static enum step take_datagram(const struct walk *walk)
{
    const skypefp_packet *datagram = &walk->datagram;
    struct layer payload = make_layer(datagram->data, datagram->len, datagram->wire_len, false);

    if (!walk->is_tunnel) {
        return NO_PACKET;
    }
    *walk->packet = *datagram;
    walk->packet->scope = scope_of(walk); /* tags and LLC in the tunnel count, too */
    return skypefp_is_doubtful_udp(datagram->src.port, datagram->dst.port, payload) ? NOT_SURE : PACKET;
}

/* Every field but the layer and the datagram, which are not read before they are set: an initializer would clear all of
 * it for each frame. */
static inline void begin_walk(struct walk *walk, const skypefp_decoder *decoder, const skypefp_frame *frame,
                              skypefp_packet *packet)
{
    walk->fragments = decoder->fragments;
    walk->packet = packet;
    walk->frame = frame->data;
    walk->frame_len = frame->len;
    walk->frame_wire_len = MIN(frame->wire_len, (uint32_t)INT32_MAX);
    walk->type = walk->vlan = 0;
    walk->n_ip = walk->n_scoped = 0;
    walk->begins_again = walk->is_reassembled = walk->is_trial = walk->is_readdressed = walk->is_tunnel = false;
}

enum skypefp_decoded skypefp_decode(skypefp_decoder *decoder, const skypefp_frame *frame, skypefp_packet *packet)
{
    if (frame->wire_len < frame->len) {
        return SKYPEFP_NOT_SURE;
    }
    if (frame->len == 0) {
        return SKYPEFP_NOTHING;
    }
    struct walk walk;
    begin_walk(&walk, decoder, frame, packet);
    struct layer layer = make_layer(frame->data, frame->len, walk.frame_wire_len, true);
    *packet = (skypefp_packet){ .transport = SKYPEFP_UDP };
    enum step step = walk_layers(&walk, skypefp_walk_link(&walk, frame->link, layer));
    if (step == TO_PSEUDOWIRE) {
        step = walk_pseudowire(&walk);
    }
    if (step == NO_IP) {
        step = take_datagram(&walk);
    }
    return step == PACKET ? SKYPEFP_DECIDED : step == NO_PACKET ? SKYPEFP_NOTHING : SKYPEFP_NOT_SURE;
}
