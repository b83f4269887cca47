/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a conversation by their lengths and times: what answers what, what is alike, and which are new. */
#include "feed.h"
#include "talk.h"

#define SECOND ((int64_t)1000000)

static struct talk talk;
static uint32_t seq[2];

static void begin(void)
{
    skypefp_talk_clear(&talk);
    memset(&talk, 0, sizeof talk);
    seq[0] = 1000;
    seq[1] = 2000;
}

/* A message of len octets with the given first ones, at a time. */
static unsigned take_at(unsigned side, uint32_t at, const char *octets, uint32_t len, int64_t time_us)
{
    struct feed feed;

    feed_begin(&feed, SKYPEFP_TCP, 1, 1, 1, 2, 2, len);
    memcpy(feed.data, octets, strlen(octets));
    feed.packet.tcp_seq = at;
    feed.packet.time_us = time_us;
    return skypefp_talk_take(&talk, &feed.packet, side);
}

static unsigned take(unsigned side, const char *octets, uint32_t len, int64_t time_us)
{
    uint32_t at = seq[side];

    seq[side] += len;
    return take_at(side, at, octets, len, time_us);
}

/* One answer of 4 octets to one message, within 2 s. */
static void test_answers(void)
{
    begin();
    take(0, "", 20, 0);
    take(1, "\x81\x92\xa3\xb4", 4, 2 * SECOND);
    g_assert_cmpuint(talk.n_answered[0], ==, 1);
    take(1, "\x91\x92\xa3\xb4", 4, 2 * SECOND); /* nothing asked for this one */
    g_assert_cmpuint(talk.n_answered[0], ==, 1);
    take(0, "", 20, 10 * SECOND);
    take(1, "\x11\x92\xa3\xb4", 4, 12 * SECOND + 1);
    g_assert_cmpuint(talk.n_answered[0], ==, 1);
    g_assert_cmpuint(talk.n_asked[0], ==, 2);
    g_assert_cmpuint(talk.n_acks[1], ==, 3);
}

/* 2 octets for 2 within 2 s count for both sides; later ones, and those after something else, for neither. */
static void test_exchanges(void)
{
    begin();
    take(0, "ab", 2, 0);
    take(1, "cd", 2, 2 * SECOND);
    g_assert_cmpuint(talk.clocks[0][0]->n_exchanged, ==, 1);
    g_assert_cmpuint(talk.clocks[1][0]->n_exchanged, ==, 1);
    take(0, "ef", 2, 10 * SECOND);
    take(1, "gh", 2, 12 * SECOND + 1);
    take(1, "ij", 2, 13 * SECOND);
    take(0, "kl", 2, 20 * SECOND);
    take(1, "", 7, 20 * SECOND);
    take(1, "mn", 2, 20 * SECOND);
    g_assert_cmpuint(talk.clocks[0][0]->n_exchanged, ==, 1);
    g_assert_cmpuint(talk.clocks[1][0]->n_exchanged, ==, 1);
}

/* Two in a row that begin with the same two octets are alike; the first has none before it, even if it begins with
 * zeros. */
static void test_alike_and_text(void)
{
    begin();
    take(1, "", 4, 0);
    g_assert_cmpuint(talk.n_alike[1], ==, 0);
    take(1, "\x40\x02\x01\x02", 4, 0);
    take(1, "\x40\x02\x03\x04", 4, 0);
    g_assert_cmpuint(talk.n_alike[1], ==, 1);
    g_assert_cmpuint(talk.n_text[1], ==, 0);
    take(1, "+OK\n", 4, 0);
    g_assert_cmpuint(talk.n_text[1], ==, 1);
}

static void test_retransmission(void)
{
    begin();
    take(0, "ab", 2, 0);
    g_assert_cmpuint(take_at(0, 1000, "ab", 2, 10), ==, TALK_NOTHING);
    g_assert_cmpuint(talk.n, ==, 1);
    g_assert_cmpuint(take(0, "cd", 2, 20), ==, TALK_BEAT_2);
    g_assert_cmpuint(talk.n, ==, 2);
}

/* Only the next message answers. */
static void test_next_message(void)
{
    begin();
    take(0, "", 20, 0);
    take(1, "", 3, 1);
    take(1, "\x81\x92\xa3\xb4", 4, 2);
    g_assert_cmpuint(talk.n_answered[0], ==, 0);
    take(0, "", 20, 3);
    take(0, "", 20, 4);
    take(1, "\x11\x92\xa3\xb4", 4, 5);
    g_assert_cmpuint(talk.n_answered[0], ==, 1);
    g_assert_cmpuint(talk.n_asked[0], ==, 3);
    take(0, "", 20, 6);
    take(1, "", 20, 7);
    take(1, "\x21\x92\xa3\xb4", 4, 8);
    g_assert_cmpuint(talk.n_answered[0], ==, 1);
}

/* Where less than a third is small, the lengths are not looked at, whatever the last one. */
static void test_few_small_ones(void)
{
    static const struct {
        unsigned side;
        uint32_t len;
    } messages[] = { { 0, 20 }, { 1, 4 },  { 0, 20 }, { 1, 4 },  { 0, 20 }, { 1, 4 },
                     { 0, 20 }, { 1, 20 }, { 0, 20 }, { 1, 20 }, { 1, 20 }, { 0, 20 } };

    begin();
    for (uint32_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        const char octets[] = { (char)(0x80 + i), (char)(1 + i), '\x91', '\x92', '\0' };
        unsigned news = take(messages[i].side, messages[i].len == 4 ? octets : "", messages[i].len, i);
        g_assert_cmpuint(news & TALK_GRAMMAR, ==, i + 1 == 8 ? TALK_GRAMMAR : TALK_NOTHING);
    }
}

/* 5 octets that 5 answer within 2 s, as the next message. */
static void test_fives(void)
{
    begin();
    g_assert_cmpuint(take(0, "\x01\x33\x44\x55\x66", 5, 0), ==, TALK_BEAT_5);
    g_assert_cmpuint(take(1, "\x02\x34\x45\x56\x67", 5, 2 * SECOND), ==, TALK_BEAT_5 | TALK_ANSWER_5);
    g_assert_true(skypefp_clock_beat(talk.clocks[0][1], 0)->is_answered);
    g_assert_false(skypefp_clock_beat(talk.clocks[1][1], 0)->is_answered);
    g_assert_cmpuint(skypefp_clock_beat(talk.clocks[0][1], 0)->first, ==, 1);
    g_assert_cmpuint(take(1, "\x03\x34\x45\x56\x67", 5, 3 * SECOND), ==, TALK_BEAT_5); /* its own one was before */
    take(0, "\x04\x33\x44\x55\x66", 5, 10 * SECOND);
    g_assert_cmpuint(take(1, "\x05\x34\x45\x56\x67", 5, 12 * SECOND + 1), ==, TALK_BEAT_5);
    g_assert_false(skypefp_clock_beat(talk.clocks[0][1], 0)->is_answered);
    take(0, "\x06\x33\x44\x55\x66", 5, 20 * SECOND);
    take(0, "", 1, 20 * SECOND);
    g_assert_true((take(1, "\x07\x34\x45\x56\x67", 5, 20 * SECOND) & TALK_ANSWER_5) == 0);
}

/* Looked at after 8, 10, 12, 14, 16, 20 messages and so on; here, each question gets its 4 octets. */
static void test_when_asked(void)
{
    begin();
    for (uint32_t n = 1; n <= 64; n++) {
        const char octets[] = { (char)(0x80 + n), (char)n, '\x91', '\x92', '\0' };
        unsigned news = n % 2 == 1 ? take(0, "", 20, n) : take(1, octets, 4, n);
        unsigned step = n < 16 ? 2 : n < 32 ? 4 : n < 64 ? 8 : 16;
        g_assert_true(((news & TALK_GRAMMAR) != 0) == (n >= 8 && n % step == 0));
    }
    begin();
    for (uint32_t n = 1; n <= 64; n++) {
        g_assert_cmpuint(take(0, "", 20, n), ==, TALK_NOTHING);
    }
}

static void test_beats(void)
{
    begin();
    g_assert_cmpuint(take(0, "\x11\x22", 2, 1), ==, TALK_BEAT_2);
    g_assert_cmpuint(take(0, "\x01\x33\x44\x55\x66", 5, 2), ==, TALK_BEAT_5);
    g_assert_cmpuint(take(0, "abc", 3, 3), ==, TALK_NOTHING);
    g_assert_cmpuint(take(0, "", 1, 4), ==, TALK_NOTHING);
    g_assert_cmpuint(skypefp_clock_beat(talk.clocks[0][0], 0)->content, ==, 0x1122);
    g_assert_cmpuint(skypefp_clock_beat(talk.clocks[0][1], 0)->content, ==, 0x33445566);
    g_assert_null(skypefp_clock_beat(talk.clocks[0][0], 1));
    g_assert_null(talk.clocks[1][0]);
    g_assert_cmpuint(talk.n_small, ==, 3);
    for (uint32_t n = 0; n < MAX_BEATS; n++) {
        take(0, "\x33\x44", 2, n);
    }
    g_assert_nonnull(skypefp_clock_beat(talk.clocks[0][0], MAX_BEATS - 1));
    g_assert_null(skypefp_clock_beat(talk.clocks[0][0], MAX_BEATS));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/talk/answers", test_answers);
    g_test_add_func("/talk/exchanges", test_exchanges);
    g_test_add_func("/talk/alike-and-text", test_alike_and_text);
    g_test_add_func("/talk/retransmission", test_retransmission);
    g_test_add_func("/talk/next-message", test_next_message);
    g_test_add_func("/talk/few-small-ones", test_few_small_ones);
    g_test_add_func("/talk/fives", test_fives);
    g_test_add_func("/talk/when-asked", test_when_asked);
    g_test_add_func("/talk/beats", test_beats);
    int status = g_test_run();
    skypefp_talk_clear(&talk);
    return status;
}
