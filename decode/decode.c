/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a frame and its link type. */
#include "decode.h"

#include "doubts.h"
#include "ethernet.h"
#include "fragments.h"
#include "internet.h"
#include "link.h"
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

/* Link types of which nothing is known. Apple uses one of them for another. */
static bool is_private(int link)
{
    enum { APPLE_PKTAP = SKYPEFP_LINK_FIRST_USER + 2 };

    return link >= SKYPEFP_LINK_FIRST_USER && link <= SKYPEFP_LINK_LAST_USER && link != APPLE_PKTAP;
}

static enum step walk_private(struct walk *walk, struct layer layer)
{
    (void)walk;
    (void)layer;
    return NO_IP;
}

typedef enum step walker(struct walk *walk, struct layer layer);

/* NULL: frames of the link type are not decoded. */
static walker *find_walker(int link)
{
    switch (link) {
    case SKYPEFP_LINK_ETHERNET:
        return skypefp_walk_ethernet;
    case SKYPEFP_LINK_NULL:
        return skypefp_walk_null;
    case SKYPEFP_LINK_LOOP:
        return skypefp_walk_loop;
    case SKYPEFP_LINK_RAW:
        return skypefp_walk_raw;
    case SKYPEFP_LINK_IPV4:
        return skypefp_walk_ipv4;
    case SKYPEFP_LINK_IPV6:
        return skypefp_walk_ipv6;
    case SKYPEFP_LINK_LINUX_SLL:
        return skypefp_walk_sll;
    case SKYPEFP_LINK_LINUX_SLL2:
        return skypefp_walk_sll2;
    case SKYPEFP_LINK_PPP:
        return skypefp_walk_ppp_hdlc;
    case SKYPEFP_LINK_RADIOTAP:
        return skypefp_walk_radiotap;
    case SKYPEFP_LINK_IEEE_802_11:
        return skypefp_walk_wireless;
    case SKYPEFP_LINK_CISCO_HDLC:
        return skypefp_walk_chdlc;
    default:
        return is_private(link) ? walk_private : NULL;
    }
}

bool skypefp_knows_link(int link)
{
    return find_walker(link) != NULL;
}

/* ---- from layer to layer ---- */

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
    return step == NO_IP || step == NO_PACKET;
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
    struct layer payload = { datagram->data, datagram->len, datagram->wire_len, false };

    if (!walk->is_tunnel) {
        return NO_PACKET;
    }
    *walk->packet = *datagram;
    walk->packet->scope = scope_of(walk); /* tags and LLC in the tunnel count, too */
    return skypefp_is_doubtful_udp(datagram->src.port, datagram->dst.port, payload) ? NOT_SURE : PACKET;
}

enum skypefp_decoded skypefp_decode(skypefp_decoder *decoder, const skypefp_frame *frame, skypefp_packet *packet)
{
    struct walk walk = {
        .fragments = decoder->fragments,
        .packet = packet,
        .frame = frame->data,
        .frame_len = frame->len,
    };
    struct layer layer = { frame->data, frame->len, MIN(frame->wire_len, (uint32_t)INT32_MAX), true };
    walker *walk_link = find_walker(frame->link);

    if (walk_link == NULL || frame->wire_len < frame->len) {
        return SKYPEFP_NOT_SURE;
    }
    if (frame->len == 0) {
        return SKYPEFP_NOTHING;
    }
    *packet = (skypefp_packet){ .transport = SKYPEFP_UDP };
    enum step step = walk_layers(&walk, walk_link(&walk, layer));
    if (step == TO_PSEUDOWIRE) {
        step = walk_pseudowire(&walk);
    }
    if (step == NO_IP) {
        step = take_datagram(&walk);
    }
    return step == PACKET ? SKYPEFP_DECIDED : step == NO_PACKET ? SKYPEFP_NOTHING : SKYPEFP_NOT_SURE;
}
