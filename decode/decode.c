/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in: a frame and its link type. */
#include "decode.h"

#include "layers.h"

#include <stdlib.h>

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

static enum outcome walk_link(struct walk *walk, int link, struct layer layer)
{
    switch (link) {
    case SKYPEFP_LINK_ETHERNET:
        return skypefp_walk_ethernet(walk, layer);
    case SKYPEFP_LINK_NULL:
        return skypefp_walk_null(walk, layer);
    case SKYPEFP_LINK_LOOP:
        return skypefp_walk_loop(walk, layer);
    case SKYPEFP_LINK_RAW:
        return skypefp_walk_raw(walk, layer);
    case SKYPEFP_LINK_IPV4:
        return skypefp_walk_ipv4(walk, layer);
    case SKYPEFP_LINK_IPV6:
        return skypefp_walk_ipv6(walk, layer);
    case SKYPEFP_LINK_LINUX_SLL:
        return skypefp_walk_sll(walk, layer);
    case SKYPEFP_LINK_LINUX_SLL2:
        return skypefp_walk_sll2(walk, layer);
    case SKYPEFP_LINK_PPP:
        return skypefp_walk_ppp_hdlc(walk, layer);
    case SKYPEFP_LINK_RADIOTAP:
        return skypefp_walk_radiotap(walk, layer);
    case SKYPEFP_LINK_IEEE_802_11:
        return skypefp_walk_wireless(walk, layer);
    case SKYPEFP_LINK_CISCO_HDLC:
        return skypefp_walk_chdlc(walk, layer);
    default:
        return is_private(link) ? NO_IP : NOT_SURE;
    }
}

enum skypefp_decoded skypefp_decode(skypefp_decoder *decoder, const skypefp_frame *frame, skypefp_packet *packet)
{
    struct walk walk = {
        .fragments = decoder->fragments,
        .packet = packet,
        .frame = frame->data,
        .frame_len = frame->len,
    };
    struct layer layer = { frame->data, frame->len, frame->wire_len, true };

    if (frame->wire_len < frame->len) {
        return SKYPEFP_NOT_SURE;
    }
    if (frame->len == 0) {
        return SKYPEFP_NOTHING;
    }
    *packet = (skypefp_packet){ .transport = SKYPEFP_UDP };
    switch (walk_link(&walk, frame->link, layer)) {
    case PACKET:
        return SKYPEFP_DECIDED;
    case NO_IP:
    case NO_PACKET:
        return SKYPEFP_NOTHING;
    case NOT_SURE:
        break;
    }
    return SKYPEFP_NOT_SURE;
}
