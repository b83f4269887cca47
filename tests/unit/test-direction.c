/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One direction of TCP: segments in any order, overlaps, wraps, keep-alives, cuts and ends. */
#include "direction.h"

#include <glib.h>

#include <string.h>

static struct direction direction;
static struct pool octets;
static uint32_t frame;

static void begin(void)
{
    skypefp_pool_give(&octets, direction.first);
    memset(&direction, 0, sizeof direction);
    frame = 0;
}

/* One segment, wire_len octets of which the text was captured. */
static bool take_cut(uint32_t seq, uint8_t flags, const char *text, uint32_t wire_len)
{
    frame++;
    skypefp_packet packet = {
        .frame = frame,
        .transport = SKYPEFP_TCP,
        .data = (const uint8_t *)text,
        .len = (uint32_t)strlen(text),
        .wire_len = wire_len,
        .tcp_seq = seq,
        .tcp_flags = flags,
    };

    return skypefp_direction_take(&direction, &packet, &octets);
}

static bool take(uint32_t seq, uint8_t flags, const char *text)
{
    return take_cut(seq, flags, text, (uint32_t)strlen(text));
}

static void assert_first(const char *text)
{
    g_assert_cmpuint(direction.n, ==, strlen(text));
    g_assert_true(memcmp(direction.first, text, direction.n) == 0);
}

static void test_in_order(void)
{
    begin();
    g_assert_false(take(1000, SKYPEFP_SYN, ""));
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    g_assert_true(take(1004, SKYPEFP_ACK, "def"));
    assert_first("abcdef");
    g_assert_cmpuint(direction.n_segments, ==, 2);
    g_assert_cmpuint(direction.segment_end[0], ==, 3);
    g_assert_cmpuint(direction.segment_at[1], ==, 3);
    g_assert_cmpuint(direction.first_frame, ==, 2);
    g_assert_cmpuint(direction.last_frame, ==, 3);
    g_assert_cmpuint(direction.last_at, ==, 3);
    g_assert_false(direction.is_late);
}

static void test_reordering(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(take(1007, SKYPEFP_ACK, "ghi"));
    g_assert_cmpuint(direction.n, ==, 0);
    g_assert_true(take(1004, SKYPEFP_ACK, "def"));
    g_assert_cmpuint(direction.n, ==, 0);
    g_assert_true(skypefp_direction_covers(&direction, 3, 6));
    g_assert_false(skypefp_direction_covers(&direction, 2, 6));
    g_assert_false(skypefp_direction_covers(&direction, 3, 7));
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    assert_first("abcdefghi");
}

/* What was there first stays, whatever a later copy says. */
static void test_overlap(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(take(1004, SKYPEFP_ACK, "def"));
    g_assert_true(take(1001, SKYPEFP_ACK, "abcXYZg"));
    assert_first("abcdefg");
    g_assert_false(take(1001, SKYPEFP_ACK, "ABCDEFG"));
    assert_first("abcdefg");
    g_assert_cmpuint(direction.last_frame, ==, 3);
}

static void test_sequence_numbers_wrap(void)
{
    begin();
    take(0xfffffffd, SKYPEFP_SYN, "");
    g_assert_true(take(1, SKYPEFP_ACK, "defg"));
    g_assert_true(take(0xfffffffe, SKYPEFP_ACK, "abc"));
    assert_first("abcdefg");
    begin();
    take(0xffffffff, SKYPEFP_SYN, "");
    g_assert_true(take(0, SKYPEFP_ACK, "abc"));
    assert_first("abc");
}

/* A keep-alive repeats the last octet, or stands one before the first. */
static void test_keep_alive(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_false(take(1000, SKYPEFP_ACK, "?"));
    g_assert_cmpuint(direction.n, ==, 0);
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    g_assert_false(take(1003, SKYPEFP_ACK, "?"));
    assert_first("abc");
    g_assert_cmpuint(direction.end, ==, 3);
}

static void test_fast_open(void)
{
    begin();
    g_assert_true(take(1000, SKYPEFP_SYN, "abc"));
    g_assert_true(take(1004, SKYPEFP_ACK, "def"));
    assert_first("abcdef");
    begin();
    g_assert_true(take(1000, SKYPEFP_SYN, "abc"));
    g_assert_false(take(1001, SKYPEFP_ACK, "abc")); /* sent again behind the handshake */
    assert_first("abc");
}

static void test_no_syn(void)
{
    begin();
    g_assert_false(take(5000, SKYPEFP_ACK, ""));
    g_assert_true(take(5000, SKYPEFP_ACK, "abc"));
    assert_first("abc");
    g_assert_true(direction.is_late);
}

/* Reordered: the SYN tells where the first octet is, and what came before the SYN moves there. */
static void test_late_syn(void)
{
    begin();
    take(1004, SKYPEFP_ACK, "def");
    take(1010, SKYPEFP_FIN | SKYPEFP_ACK, "j");
    g_assert_true(direction.is_late);
    take(1000, SKYPEFP_SYN, "");
    g_assert_false(direction.is_late);
    g_assert_cmpuint(direction.n, ==, 0);
    g_assert_cmpuint(direction.end, ==, 10);
    g_assert_cmpuint(direction.fin_at, ==, 10);
    g_assert_cmpuint(direction.segment_at[0], ==, 3);
    g_assert_cmpuint(direction.segment_end[1], ==, 10);
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    assert_first("abcdef");
    g_assert_cmpuint(direction.segment_at[0], ==, 0);
    g_assert_cmpuint(direction.segment_at[1], ==, 3);
    g_assert_true(take(1007, SKYPEFP_ACK, "ghi"));
    assert_first("abcdefghij");
}

/* Without a SYN too, a segment that was overtaken finds its place; a keep-alive has none. */
static void test_overtaken(void)
{
    begin();
    take(1004, SKYPEFP_ACK, "def");
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    assert_first("abcdef");
    g_assert_true(direction.is_late);
    g_assert_false(take(1000, SKYPEFP_ACK, "?"));
    g_assert_false(take(990, SKYPEFP_ACK, "old"));
    assert_first("abcdef");
}

/* What lies behind the first octets, or before them, is forgotten; what lies across their end stays in part. */
static void test_late_syn_far_away(void)
{
    begin();
    take(1001 + FIRST_OCTETS, SKYPEFP_ACK, "abc");
    take(1000, SKYPEFP_SYN, "");
    g_assert_false(skypefp_direction_covers(&direction, 0, 1));
    g_assert_cmpuint(direction.n_segments, ==, 0);
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    assert_first("abc");
    begin();
    take(500, SKYPEFP_ACK, "abc");
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(take(1001, SKYPEFP_ACK, "def"));
    assert_first("def");
    begin();
    take(1001 + FIRST_OCTETS - 2, SKYPEFP_ACK, "abc");
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(skypefp_direction_covers(&direction, FIRST_OCTETS - 2, 2));
}

/* The two segments that stand first are known, whatever came first. */
static void test_segments_in_any_order(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    take(1010, SKYPEFP_ACK, "jkl");
    take(1004, SKYPEFP_ACK, "def");
    take(1001, SKYPEFP_ACK, "abc");
    take(1001, SKYPEFP_ACK, "abcdef");
    g_assert_cmpuint(direction.n_segments, ==, 2);
    g_assert_cmpuint(direction.segment_end[0], ==, 3);
    g_assert_cmpuint(direction.segment_frame[0], ==, 4);
    g_assert_cmpuint(direction.segment_at[1], ==, 3);
    g_assert_cmpuint(direction.segment_end[1], ==, 6);
    g_assert_cmpuint(direction.segment_frame[1], ==, 3);
}

static void test_only_the_first_octets(void)
{
    char text[FIRST_OCTETS + 11];

    begin();
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(take(1001, SKYPEFP_ACK, text));
    g_assert_cmpuint(direction.n, ==, FIRST_OCTETS);
    g_assert_cmpuint(direction.end, ==, FIRST_OCTETS + 10);
    g_assert_false(take(1001 + FIRST_OCTETS + 10, SKYPEFP_ACK, "more"));
    g_assert_cmpuint(direction.end, ==, FIRST_OCTETS + 14);
    g_assert_true(skypefp_direction_covers(&direction, 0, FIRST_OCTETS));
    g_assert_false(skypefp_direction_covers(&direction, 1, FIRST_OCTETS));
}

/* A segment half a sequence space away is old, not ahead. */
static void test_far_away(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_false(take(1001 + 0x80000000u, SKYPEFP_ACK, "abc"));
    g_assert_false(take(1001 + 0x7fffffffu, SKYPEFP_ACK, "abc"));
    g_assert_cmpuint(direction.n, ==, 0);
    g_assert_true(take(1001, SKYPEFP_ACK, "abc"));
    assert_first("abc");
}

static void test_truncated(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(take_cut(1001, SKYPEFP_ACK, "abc", 10));
    assert_first("abc");
    g_assert_true(direction.is_cut);
    g_assert_cmpuint(direction.end, ==, 10);
    g_assert_true(take(1011, SKYPEFP_ACK, "kl"));
    g_assert_cmpuint(direction.n, ==, 3); /* the hole stays one */
    g_assert_true(skypefp_direction_covers(&direction, 10, 2));
    g_assert_true(take(1004, SKYPEFP_ACK, "defghij"));
    assert_first("abcdefghijkl");
}

static void test_ends(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    take(1001, SKYPEFP_ACK, "abc");
    g_assert_true(take(1004, SKYPEFP_FIN | SKYPEFP_ACK, "d"));
    g_assert_true(direction.is_closed);
    g_assert_cmpuint(direction.fin_at, ==, 4);
    g_assert_false(take(1005, SKYPEFP_FIN | SKYPEFP_ACK, ""));
    assert_first("abcd");
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_true(take(1001, SKYPEFP_RST, "why")); /* text in a reset is no data */
    g_assert_cmpuint(direction.n, ==, 0);
    g_assert_true(direction.is_closed);
}

static void test_one_octet_a_segment(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    for (uint32_t i = 0; i < 10000; i++) {
        const char octet[] = { (char)('a' + i % 26), '\0' };
        g_assert_true(take(1001 + i, SKYPEFP_ACK, octet) == (i < FIRST_OCTETS));
    }
    g_assert_cmpuint(direction.n, ==, FIRST_OCTETS);
    g_assert_cmpuint(direction.end, ==, 10000);
    for (uint32_t i = 0; i < FIRST_OCTETS; i++) {
        g_assert_cmpuint(direction.first[i], ==, 'a' + i % 26);
    }
}

/* What stands before the first octet, 16 octets of an old conversation, moves nothing. */
static void test_before_the_base(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    take(1001, SKYPEFP_ACK, "abc");
    g_assert_false(take(1001 - 256, SKYPEFP_ACK, "0123456789abcdef"));
    assert_first("abc");
    g_assert_cmpuint(direction.end, ==, 3);
    begin();
    take(1000, SKYPEFP_SYN, "");
    g_assert_false(take(1001 - 256, SKYPEFP_ACK, "0123456789abcdef"));
    g_assert_cmpuint(direction.first_frame, ==, 0);
    g_assert_cmpuint(direction.end, ==, 0);
}

/* An RST is the sender's up to a window behind what was seen of it. */
static void test_far_reset(void)
{
    begin();
    take(1000, SKYPEFP_SYN, "");
    take(1001, SKYPEFP_ACK, "abc");
    g_assert_false(take(1001 + 3 + 65536, SKYPEFP_RST, ""));
    g_assert_false(direction.is_closed);
    g_assert_true(take(1001 + 3 + 65535, SKYPEFP_RST, ""));
    g_assert_true(direction.is_closed && direction.is_reset);
}

int main(int argc, char **argv)
{
    octets = skypefp_pool(FIRST_OCTETS);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/direction/before-the-base", test_before_the_base);
    g_test_add_func("/direction/far-reset", test_far_reset);
    g_test_add_func("/direction/in-order", test_in_order);
    g_test_add_func("/direction/reordering", test_reordering);
    g_test_add_func("/direction/overlap", test_overlap);
    g_test_add_func("/direction/sequence-numbers-wrap", test_sequence_numbers_wrap);
    g_test_add_func("/direction/keep-alive", test_keep_alive);
    g_test_add_func("/direction/fast-open", test_fast_open);
    g_test_add_func("/direction/no-syn", test_no_syn);
    g_test_add_func("/direction/late-syn", test_late_syn);
    g_test_add_func("/direction/overtaken", test_overtaken);
    g_test_add_func("/direction/late-syn-far-away", test_late_syn_far_away);
    g_test_add_func("/direction/segments-in-any-order", test_segments_in_any_order);
    g_test_add_func("/direction/only-the-first-octets", test_only_the_first_octets);
    g_test_add_func("/direction/far-away", test_far_away);
    g_test_add_func("/direction/truncated", test_truncated);
    g_test_add_func("/direction/ends", test_ends);
    g_test_add_func("/direction/one-octet-a-segment", test_one_octet_a_segment);
    int failed = g_test_run();
    begin();
    skypefp_pool_clear(&octets);
    return failed;
}
