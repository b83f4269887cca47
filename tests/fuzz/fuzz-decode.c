/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: frames of one link type through decode/, fragments included.
 *
 * Input: an octet that chooses the link type, and frames:
 *   0..1: captured octets   2: octets more on the wire   3..: the captured octets */
#include "decode.h"
#include "link_type.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n);

static const int links[] = {
    SKYPEFP_LINK_ETHERNET,
    SKYPEFP_LINK_NULL,
    SKYPEFP_LINK_LOOP,
    SKYPEFP_LINK_RAW,
    SKYPEFP_LINK_IPV4,
    SKYPEFP_LINK_IPV6,
    SKYPEFP_LINK_LINUX_SLL,
    SKYPEFP_LINK_LINUX_SLL2,
    SKYPEFP_LINK_PPP,
    SKYPEFP_LINK_CISCO_HDLC,
    SKYPEFP_LINK_IEEE_802_11,
    SKYPEFP_LINK_RADIOTAP,
    SKYPEFP_LINK_PPP_ETHERNET,
    SKYPEFP_LINK_CLASSICAL_IP,
    SKYPEFP_LINK_FDDI,
    SKYPEFP_LINK_FRAME_RELAY,
    SKYPEFP_LINK_ARCNET,
    SKYPEFP_LINK_JUNIPER_ATM_1,
    SKYPEFP_LINK_JUNIPER_ETHERNET,
    SKYPEFP_LINK_IPNET,
    SKYPEFP_LINK_NFLOG,
    SKYPEFP_LINK_IP_OVER_INFINIBAND,
    SKYPEFP_LINK_PKTAP,
    SKYPEFP_LINK_SUN_ATM,
};

/* Reads every octet that a packet borrows, for the sanitizer. */
static unsigned touch(const skypefp_packet *packet)
{
    unsigned sum = 0;

    for (uint32_t i = 0; i < packet->len; i++) {
        sum += packet->data[i];
    }
    for (uint32_t i = 0; i < packet->src.len; i++) {
        sum += packet->src.bytes[i] + packet->dst.bytes[i];
    }
    return sum;
}

static void check(const skypefp_packet *packet)
{
    g_assert_cmpuint(packet->len, <=, packet->wire_len);
    g_assert_cmpuint(packet->src.len, ==, packet->dst.len);
    g_assert_true(packet->src.len == SKYPEFP_IPV4_LEN || packet->src.len == SKYPEFP_IPV6_LEN);
    g_assert_cmpuint(touch(packet), <, UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n)
{
    enum { HEADER_LEN = 3 };
    skypefp_decoder *decoder = skypefp_decoder_new();
    skypefp_packet packet;

    for (size_t at = 1; n > 0 && n - at >= HEADER_LEN;) {
        uint32_t len = (uint32_t)MIN((size_t)input[at] << 8 | input[at + 1], n - at - HEADER_LEN);
        uint8_t *octets = g_malloc(MAX(len, 1)); /* a block of its own: looks beyond it are seen */
        memcpy(octets, input + at + HEADER_LEN, len);
        skypefp_frame frame = { octets, len, len + input[at + 2], links[input[0] % G_N_ELEMENTS(links)] };
        if (skypefp_decode(decoder, &frame, &packet) == SKYPEFP_DECIDED) {
            check(&packet);
        }
        g_free(octets);
        at += HEADER_LEN + len;
    }
    skypefp_decoder_free(decoder);
    return 0;
}
