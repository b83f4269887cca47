/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a contact says of its keep-alives: the usual interval, and the longest gap. */
#include "contact.h"
#include "feed.h"

static const uint32_t CLIENT = 0xc0a80102, PEER = 0xc6336407;
enum { PORT = 35990, SECOND = 1000000 };

/* The contact after keep-alives with these gaps in seconds, the last one 0. */
static void assert_interval(const int *gaps, int64_t interval_s, int64_t longest_s)
{
    skypefp_config config = skypefp_default_config();
    skypefp_tracker *tracker = skypefp_tracker_new(&config);
    skypefp_sighting sighting;
    int64_t time_us = 0;

    for (uint32_t frame = 1; frame == 1 || gaps[frame - 2] != 0; frame++) {
        struct feed feed;
        time_us += frame > 1 ? (int64_t)gaps[frame - 2] * SECOND : 0;
        feed_begin(&feed, SKYPEFP_UDP, frame, CLIENT, PORT, PEER, PORT, 3);
        feed.packet.time_us = time_us;
        feed.data[0] = (uint8_t)(frame * 37);
        feed.data[1] = (uint8_t)(frame * 91);
        feed.data[2] = (uint8_t)((frame * 3 % 8) << 4 | 0xd);
        g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
    }
    g_assert_cmpint(sighting.finding->contact->keepalive_interval_us, ==, interval_s * SECOND);
    g_assert_cmpint(sighting.finding->contact->longest_gap_us, ==, longest_s * SECOND);
    skypefp_tracker_free(tracker);
}

static void test_interval(void)
{
    assert_interval((const int[]){ 10, 10, 30, 0 }, 10, 30);
    assert_interval((const int[]){ 20, 20, 10, 0 }, 20, 20);
    assert_interval((const int[]){ 10, 20, 0 }, 10, 20); /* as many of each: the shorter one, of which some were lost */
    assert_interval((const int[]){ 30, 40, 0 }, 0, 40);  /* neither */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/keepalives/interval", test_interval);
    return g_test_run();
}
