/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs: bursts of data and what they are consistent with, runs that look like calls, and the times in which a pair
 * is open. */
#include "endpoints.h"
#include "feed.h"
#include "open_spans.h"
#include "pairs.h"
#include "proof.h"

enum { PORT = 35990, DATA_LEN = 60 };
static const uint32_t CLIENT = 0xc0a80102, PEER = 0xc6336407;
static const int64_t SECOND = 1000000, MINUTE = 60 * INT64_C(1000000);

static struct pair_table pairs;
static struct endpoint_table endpoints;
static struct pair *pair;
static uint32_t frame;

static void begin(void)
{
    struct feed feed;
    unsigned side;

    skypefp_endpoints_init(&endpoints, 100, 1);
    skypefp_pairs_init(&pairs, 100, 2);
    feed_begin(&feed, SKYPEFP_UDP, 1, CLIENT, PORT, PEER, PORT, 18);
    pair = skypefp_pairs_touch(&pairs, &feed.packet, false, &side);
    frame = 1;
}

static void end(void)
{
    skypefp_pairs_clear(&pairs);
    skypefp_endpoints_clear(&endpoints);
}

/* A data message of a length on the wire at a time; side 0: of the client. */
static void send_data(unsigned side, uint32_t wire_len, int64_t time_us)
{
    struct feed feed;

    feed_begin(&feed, SKYPEFP_UDP, ++frame, side == 0 ? CLIENT : PEER, PORT, side == 0 ? PEER : CLIENT, PORT, 3);
    feed_be32(feed.data, frame * 0x9e3779b1u); /* an id and bits that vary */
    feed.packet.wire_len = wire_len;
    feed.packet.time_us = time_us;
    skypefp_pair_add_data(pair, &feed.packet, side, true);
}

static skypefp_endpoint *make_endpoint(uint32_t host, uint8_t bits)
{
    const struct proving nothing = { .octets = NULL };
    const skypefp_evidence evidence = { .frame = 1, .bits = bits };
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    skypefp_address address = { bytes, sizeof bytes, PORT, 0 };

    feed_be32(bytes, host);
    skypefp_endpoint *endpoint = skypefp_endpoints_touch(&endpoints, &address, 0);
    skypefp_endpoint_add(endpoint, &evidence, 0, &nothing);
    return endpoint;
}

/* Ten messages with gaps under 3 s are a burst; fewer are not listed. */
static void test_bursts(void)
{
    begin();
    for (int i = 0; i < SKYPEFP_MIN_BURST; i++) {
        g_assert_cmpuint(pair->contact.n_bursts, ==, 0);
        send_data(0, DATA_LEN, i * (3 * SECOND - 1));
    }
    int64_t last_us = (SKYPEFP_MIN_BURST - 1) * (3 * SECOND - 1);
    g_assert_cmpuint(pair->contact.n_bursts, ==, 1);
    g_assert_cmpint(pair->contact.bursts[0].end_us, ==, last_us);
    send_data(1, DATA_LEN, last_us + 3 * SECOND); /* another one, too short so far */
    g_assert_cmpuint(pair->contact.n_bursts, ==, 1);
    g_assert_cmpuint(pair->contact.bursts[0].n[1], ==, 0);
    for (int i = 0; i < SKYPEFP_MIN_BURST; i++) {
        send_data(1, DATA_LEN, 0); /* the clock ran back by more than 3 s */
    }
    g_assert_cmpuint(pair->contact.n_bursts, ==, 2);
    g_assert_cmpuint(pair->contact.bursts[1].n[1], ==, SKYPEFP_MIN_BURST);
    end();
}

static void test_video_lengths(void)
{
    static const struct {
        uint32_t len;
        bool is_video;
    } lengths[] = {
        { 399, false }, { 400, true }, { 490, true }, { 491, false },
        { 799, false }, { 800, true }, { 980, true }, { 981, false },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        begin();
        for (int j = 0; j < SKYPEFP_MIN_BURST; j++) {
            send_data(0, lengths[i].len, j);
        }
        g_assert_cmpuint(pair->contact.bursts[0].n_video[0], ==, lengths[i].is_video ? SKYPEFP_MIN_BURST : 0);
        end();
    }
}

static const char *consistent_with(uint32_t n0, uint32_t n1, uint64_t octets0, uint64_t octets1, uint32_t n_video)
{
    skypefp_burst burst = { .n = { n0, n1 }, .octets = { octets0, octets1 }, .n_video = { n_video, 0 } };
    const char *source;

    return skypefp_burst_consistent_with(&burst, &source);
}

static void test_names_of_bursts(void)
{
    g_assert_cmpstr(consistent_with(50, 45, 5000, 4500, 0), ==, "messages");
    g_assert_cmpstr(consistent_with(50, 46, 5000, 4500, 0), ==, "call");
    g_assert_cmpstr(consistent_with(96, 0, 5000, 0, 0), ==, "relayed call");
    g_assert_cmpstr(consistent_with(50, 50, 5000, 2500, 0), ==, "file transfer");
    g_assert_cmpstr(consistent_with(50, 50, 5000, 2501, 0), ==, "call");
    g_assert_cmpstr(consistent_with(50, 50, 5000, 5000, 10), ==, "call");
    g_assert_cmpstr(consistent_with(50, 50, 5000, 5000, 11), ==, "call with video");
}

/* From 10 minutes before a checked message to 10 minutes after it, by a tenancy that is at least likely. */
static void test_open(void)
{
    begin();
    skypefp_endpoint *proven = make_endpoint(CLIENT, 23), *possible = make_endpoint(PEER, 22);
    skypefp_pair_open(pair, 0, proven, 0);
    g_assert_true(skypefp_pair_opening(pair, -10 * MINUTE).by == proven);
    g_assert_true(skypefp_pair_opening(pair, 10 * MINUTE).by == proven);
    g_assert_null(skypefp_pair_opening(pair, -10 * MINUTE - 1).by);
    g_assert_null(skypefp_pair_opening(pair, 10 * MINUTE + 1).by);
    skypefp_pair_open(pair, 1, possible, 20 * MINUTE);
    g_assert_null(skypefp_pair_opening(pair, 20 * MINUTE).by);
    g_assert_cmpint(skypefp_contact_verdict(&pair->contact), ==, SKYPEFP_LIKELY);
    end();
}

static void test_verdict_of_nobody(void)
{
    begin();
    skypefp_pair_open(pair, 1, make_endpoint(PEER, 22), 0);
    g_assert_cmpint(skypefp_contact_verdict(&pair->contact), ==, SKYPEFP_NONE);
    end();
}

/* Two tenancies of one end that follow each other stay apart: the first one is not proven, the second is. */
static void test_two_tenancies(void)
{
    begin();
    skypefp_endpoint *proven = make_endpoint(CLIENT, 64);
    skypefp_pair_open(pair, 0, make_endpoint(CLIENT + 1, 16), 0);
    skypefp_pair_open(pair, 0, proven, MINUTE);
    g_assert_true(skypefp_pair_opening(pair, MINUTE).by == proven);
    g_assert_null(skypefp_pair_opening(pair, -10 * MINUTE).by);
    end();
}

/* A run of data that begins in an open time and goes on for six minutes, with other datagrams at its end. */
static bool is_open_to_its_end(unsigned n_data, unsigned n_other)
{
    begin();
    skypefp_pair_open(pair, 0, make_endpoint(CLIENT, 64), 0);
    for (unsigned i = 0; i < n_data; i++) {
        send_data(i % 2, DATA_LEN, 9 * MINUTE + i * 4 * SECOND);
    }
    int64_t end_us = 9 * MINUTE + (n_data - 1) * 4 * SECOND;
    for (unsigned i = 0; i < n_other; i++) {
        skypefp_pair_add_other(pair, end_us + i);
    }
    bool is_open = skypefp_pair_data_opening(pair, end_us).by != NULL;
    g_assert_true((skypefp_pair_opening(pair, end_us).by != NULL) == is_open);
    g_assert_null(skypefp_pair_data_opening(pair, end_us + 1).by);
    end();
    return is_open;
}

static void test_runs(void)
{
    g_assert_true(is_open_to_its_end(90, 0));
    g_assert_true(is_open_to_its_end(90, 10));
    g_assert_false(is_open_to_its_end(89, 11));
}

/* Another pair, of the client and a later peer. */
static struct pair *add_pair(uint32_t i)
{
    struct feed feed;
    unsigned side;

    feed_begin(&feed, SKYPEFP_UDP, 1, CLIENT, PORT, PEER + i, PORT, 18);
    return skypefp_pairs_touch(&pairs, &feed.packet, false, &side);
}

/* A pair has up to 1,024 runs; when all have too many, each one gets a few, so that a late pair has its own. */
static void test_many_runs(void)
{
    enum { N_PAIRS = 450, N_RUNS = MAX_STRETCHES + 1 };

    begin();
    pairs.limit = N_PAIRS;
    for (uint32_t i = 0; i < N_PAIRS; i++) {
        pair = add_pair(i);
        for (int n = 0; n < N_RUNS; n++) {
            send_data(0, DATA_LEN, n * 2 * MINUTE);
        }
        g_assert_cmpuint(pair->runs->len, >=, FEW_STRETCHES);
        if (i == 0) {
            g_assert_cmpuint(pair->runs->len, ==, MAX_STRETCHES);
            g_assert_cmpuint(pairs.dropped_stretches, ==, 1);
        }
    }
    g_assert_cmpuint(pair->runs->len, ==, FEW_STRETCHES);
    g_assert_cmpint(g_array_index(pair->runs, struct data_run, 0).begin_us, ==, (N_RUNS - FEW_STRETCHES) * 2 * MINUTE);
    g_assert_cmpuint(pairs.n_stretches, <=, MAX_ALL_STRETCHES + N_PAIRS * 2 * FEW_STRETCHES);
    pairs.limit = 1;
    while (g_queue_get_length(&pairs.lru) > 1) {
        add_pair(N_PAIRS); /* the oldest leaves */
    }
    g_assert_cmpuint(pairs.n_stretches, ==, 0);
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pairs/bursts", test_bursts);
    g_test_add_func("/pairs/video-lengths", test_video_lengths);
    g_test_add_func("/pairs/names-of-bursts", test_names_of_bursts);
    g_test_add_func("/pairs/open", test_open);
    g_test_add_func("/pairs/verdict-of-nobody", test_verdict_of_nobody);
    g_test_add_func("/pairs/two-tenancies", test_two_tenancies);
    g_test_add_func("/pairs/runs", test_runs);
    g_test_add_func("/pairs/many-runs", test_many_runs);
    return g_test_run();
}
