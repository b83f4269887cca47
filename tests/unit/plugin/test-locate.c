/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locating a segment in Wireshark's buffers: in one piece, and put together from several, where nothing may be read
 * beyond the piece that holds the IP header. */
#include "locate_plain.h"

#include <epan/tvbuff.h>
#include <wsutil/wmem/wmem.h>

enum { IP_LEN = 20, TCP_LEN = 20, PAYLOAD_LEN = 20, PIECE_LEN = 400 };

/* Each in a block of its own, so that a sanitizer sees what is read beyond. */
static uint8_t *copy(const uint8_t *octets, size_t n, size_t room)
{
    uint8_t *block = g_malloc0(room);

    memcpy(block, octets, n);
    return block;
}

static const uint8_t ip[IP_LEN] = {
    0x45, 0, 0, IP_LEN + TCP_LEN + PAYLOAD_LEN, 0, 0, 0, 0, 64, 6, 0, 0, 192, 168, 1, 2, 192, 168, 1, 3
};
static const uint8_t tcp[TCP_LEN] = { 0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x18 };

static void set_addresses(packet_info *pinfo, const uint8_t *header)
{
    memset(pinfo, 0, sizeof *pinfo);
    set_address(&pinfo->net_src, AT_IPv4, SKYPEFP_IPV4_LEN, header + SKYPEFP_IPV4_AT_SRC);
    set_address(&pinfo->net_dst, AT_IPv4, SKYPEFP_IPV4_LEN, header + SKYPEFP_IPV4_AT_DST);
}

static void test_one_piece(void)
{
    uint8_t *octets = copy(ip, IP_LEN, IP_LEN + TCP_LEN + PAYLOAD_LEN);
    packet_info pinfo;
    skypefp_packet packet;
    struct located located;

    memcpy(octets + IP_LEN, tcp, TCP_LEN);
    tvbuff_t *frame = tvb_new_real_data(octets, IP_LEN + TCP_LEN + PAYLOAD_LEN, IP_LEN + TCP_LEN + PAYLOAD_LEN);
    tvbuff_t *payload = tvb_new_subset_remaining(frame, IP_LEN + TCP_LEN);
    set_addresses(&pinfo, octets);
    g_assert_true(skypefp_locate_segment(&pinfo, payload, PAYLOAD_LEN, &packet, &located));
    g_assert_true(packet.data == octets + IP_LEN + TCP_LEN);
    g_assert_cmpuint(packet.len, ==, PAYLOAD_LEN);
    g_assert_cmpuint(packet.src.port, ==, 80);
    g_assert_cmpint(located.offset, ==, IP_LEN + TCP_LEN);
    g_assert_false(
        skypefp_locate_segment(&pinfo, tvb_new_subset_length(frame, IP_LEN + TCP_LEN, 5), 5, &packet, &located));
    tvb_free_chain(frame);
    g_free(octets);
}

/* The IP header in one piece, the rest in another; the addresses point to the first one. */
static void test_pieces(void)
{
    uint8_t *first = copy(ip, IP_LEN, IP_LEN), *second = copy(tcp, TCP_LEN, PIECE_LEN);
    tvbuff_t *whole = tvb_new_composite();
    packet_info pinfo;
    skypefp_packet packet;
    struct located located;

    tvb_composite_append(whole, tvb_new_real_data(first, IP_LEN, IP_LEN));
    tvb_composite_append(whole, tvb_new_real_data(second, PIECE_LEN, PIECE_LEN));
    tvb_composite_finalize(whole);
    set_addresses(&pinfo, first);
    g_assert_false(skypefp_locate_segment(&pinfo, tvb_new_subset_length(whole, IP_LEN + TCP_LEN, PAYLOAD_LEN),
                                          PAYLOAD_LEN, &packet, &located));
    g_free(first);
    g_free(second);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    wmem_init();
    g_test_add_func("/locate/one-piece", test_one_piece);
    g_test_add_func("/locate/pieces", test_pieces);
    return g_test_run();
}
