/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracker's limits: what is oldest leaves first and is counted, and hostile captures do not make it grow. */
#include "association.h"
#include "feed.h"
#include "generator.h"
#include "heap.h"
#include "summary.h"
#include "tracker.h"

enum { CLIENT_PORT = 35990, PEER_PORT = 12345, SLACK = 256 * 1024, SMALL_SLACK = 16 * 1024 };

static const uint32_t CLIENT = 0xc0a80102, PEER = 0xc6336407;

static skypefp_tracker *new_tracker(uint32_t endpoints, uint32_t requests, uint32_t streams, uint32_t findings)
{
    skypefp_config config = skypefp_default_config();

    config.max_endpoints = endpoints;
    config.max_requests = requests;
    config.max_streams = streams;
    config.max_findings = findings;
    config.hash_seed = 3;
    return skypefp_tracker_new(&config);
}

/* A number that is no later one of Skype's generator, but for a chance of 2^-25. */
static uint32_t scatter(uint32_t i)
{
    uint64_t z = i * 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)((z ^ (z >> 27)) >> 16);
}

static bool ask(skypefp_tracker *tracker, uint32_t frame, uint16_t id, uint32_t peer)
{
    struct feed feed;
    skypefp_sighting sighting;

    feed_begin(&feed, SKYPEFP_UDP, frame, CLIENT, CLIENT_PORT, peer, PEER_PORT, 18);
    feed_payload(&feed, id, scatter(2 * frame), scatter(2 * frame + 1));
    return skypefp_observe(tracker, &feed.packet, &sighting);
}

/* An answer; true when it repeats the id of a request that is remembered. */
static bool answer(skypefp_tracker *tracker, uint32_t frame, uint16_t id, uint32_t peer)
{
    struct feed feed;
    skypefp_sighting sighting;

    feed_begin(&feed, SKYPEFP_UDP, frame, peer, PEER_PORT, CLIENT, CLIENT_PORT, 11);
    feed_ack(&feed, id, CLIENT);
    return skypefp_observe(tracker, &feed.packet, &sighting) && sighting.finding->evidence != NULL;
}

static bool is_found(const skypefp_tracker *tracker, uint32_t frame, uint16_t id, uint32_t peer)
{
    struct feed feed;
    skypefp_sighting sighting;

    feed_begin(&feed, SKYPEFP_UDP, frame, CLIENT, CLIENT_PORT, peer, PEER_PORT, 18);
    feed_payload(&feed, id, scatter(2 * frame), scatter(2 * frame + 1));
    return skypefp_find(tracker, &feed.packet, &sighting);
}

static void test_findings(void)
{
    skypefp_tracker *tracker = new_tracker(100, 100, 100, 10);

    for (uint32_t frame = 1; frame <= 15; frame++) {
        g_assert_true(ask(tracker, frame, (uint16_t)frame, PEER));
    }
    for (uint32_t frame = 1; frame <= 15; frame++) {
        g_assert_true(is_found(tracker, frame, (uint16_t)frame, PEER) == (frame > 5));
    }
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).findings, ==, 5);
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).requests, ==, 0);
    skypefp_tracker_free(tracker);
}

static void test_requests(void)
{
    skypefp_tracker *tracker = new_tracker(100, 10, 100, 100);

    for (uint32_t frame = 1; frame <= 15; frame++) {
        ask(tracker, frame, (uint16_t)frame, PEER);
    }
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).requests, ==, 5);
    for (uint32_t frame = 1; frame <= 15; frame++) {
        g_assert_true(answer(tracker, 100 + frame, (uint16_t)frame, PEER) == (frame > 5));
    }
    skypefp_tracker_free(tracker);
}

static bool is_known(const skypefp_tracker *tracker, uint32_t host)
{
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    skypefp_address address = { bytes, sizeof bytes, PEER_PORT, 0 };

    feed_be32(bytes, host);
    return skypefp_endpoint_find(tracker, &address) != NULL;
}

/* The endpoint that was quiet for the longest time leaves; the client speaks all the time and stays. */
static void test_endpoints(void)
{
    skypefp_tracker *tracker = new_tracker(10, 100, 100, 100);

    for (uint32_t i = 1; i <= 12; i++) {
        ask(tracker, i, (uint16_t)i, PEER + i);
    }
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).endpoints, ==, 3);
    for (uint32_t i = 1; i <= 12; i++) {
        g_assert_true(is_known(tracker, PEER + i) == (i > 3));
    }
    g_assert_true(is_found(tracker, 1, 1, PEER + 1)); /* a finding keeps its endpoints */
    g_assert_true(answer(tracker, 100, 12, PEER + 12));
    g_assert_false(answer(tracker, 101, 1, PEER + 1)); /* and one that comes back is a new one */
    skypefp_tracker_free(tracker);
}

/* One request, or its answer, between hosts of one port. */
static void exchange(skypefp_tracker *tracker, uint32_t frame, uint16_t id, uint32_t asker, uint32_t answerer,
                     bool is_answer)
{
    struct feed feed;
    skypefp_sighting sighting;

    if (is_answer) {
        feed_begin(&feed, SKYPEFP_UDP, frame, answerer, PEER_PORT, asker, PEER_PORT, 11);
        feed_ack(&feed, id, asker);
    } else {
        feed_begin(&feed, SKYPEFP_UDP, frame, asker, PEER_PORT, answerer, PEER_PORT, 18);
        feed_payload(&feed, id, scatter(2 * frame), scatter(2 * frame + 1));
    }
    g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
}

/* Proven endpoints get further chances, the sender of a packet leaves never while its receiver is looked up: with
 * every limit around the number of chances, and with all others proven. */
static void test_proven_endpoints(void)
{
    for (uint32_t limit = 1; limit <= 2 * MAX_CHANCES; limit++) {
        skypefp_tracker *tracker = new_tracker(limit, 100, 100, 1000);
        uint32_t frame = 0;

        for (uint32_t i = 0; i < 3 * MAX_CHANCES; i++) {
            exchange(tracker, ++frame, (uint16_t)i, PEER + 1000, PEER + i, false);
            exchange(tracker, ++frame, (uint16_t)i, PEER + 1000, PEER + i, true);
        }
        for (uint32_t i = 0; i < 3 * MAX_CHANCES; i++) {
            exchange(tracker, ++frame, (uint16_t)i, PEER + 2000 + i, PEER + 3000 + i, false);
            g_assert_true(is_known(tracker, PEER + 2000 + i));
            g_assert_true(is_known(tracker, PEER + 3000 + i));
        }
        skypefp_tracker_free(tracker);
    }
}

/* As many proven endpoints as get a chance are all passed over, for as long as there are others to leave. */
static void test_chances(void)
{
    enum { LIMIT = 20, N_OTHERS = 30 };
    skypefp_tracker *tracker = new_tracker(LIMIT, 100, 100, 1000);
    uint32_t frame = 0;

    for (uint32_t i = 0; i < MAX_CHANCES; i++) {
        exchange(tracker, ++frame, (uint16_t)i, PEER + 1000, PEER + i, false);
        exchange(tracker, ++frame, (uint16_t)i, PEER + 1000, PEER + i, true);
    }
    for (uint32_t i = 0; i < N_OTHERS; i++) {
        exchange(tracker, ++frame, (uint16_t)i, PEER + 2000 + i, PEER + 3000 + i, false);
        for (uint32_t j = 0; j < MAX_CHANCES; j++) {
            g_assert_true(is_known(tracker, PEER + j));
        }
    }
    skypefp_tracker_free(tracker);
}

/* A payload of a client whose generator is at a number. */
static void ask_by_generator(skypefp_tracker *tracker, uint32_t frame, uint16_t id, uint32_t asker, uint32_t answerer,
                             uint32_t number)
{
    struct feed feed;
    skypefp_sighting sighting;

    feed_begin(&feed, SKYPEFP_UDP, frame, asker, PEER_PORT, answerer, PEER_PORT, 18);
    feed_payload(&feed, id, number, scatter(2 * frame + 1));
    g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
}

/* An endpoint that answered checked messages of more askers than it has room for remembers the last one, and is its
 * peer once that one is certain. */
static void test_many_askers(void)
{
    skypefp_tracker *tracker = new_tracker(100, 100, 100, 1000);
    uint32_t frame = 0, last_answer = 0;
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    skypefp_address address = { bytes, sizeof bytes, PEER_PORT, 0 };

    feed_be32(bytes, PEER);
    for (uint32_t i = 0; i <= MAX_ANSWERED; i++) {
        ask_by_generator(tracker, ++frame, (uint16_t)(100 + i), PEER + 1000 + i, PEER, scatter(i));
        ask_by_generator(tracker, ++frame, (uint16_t)i, PEER + 1000 + i, PEER, skypefp_generator_next(scatter(i)));
        exchange(tracker, last_answer = ++frame, (uint16_t)i, PEER + 1000 + i, PEER, true);
    }
    g_assert_cmpuint(skypefp_endpoint_peer_frame(skypefp_endpoint_find(tracker, &address)), ==, 0);
    exchange(tracker, ++frame, 1, PEER + 2000, PEER + 1000 + MAX_ANSWERED, false);
    exchange(tracker, ++frame, 1, PEER + 2000, PEER + 1000 + MAX_ANSWERED, true);
    g_assert_cmpuint(skypefp_endpoint_peer_frame(skypefp_endpoint_find(tracker, &address)), ==, last_answer);
    skypefp_tracker_free(tracker);
}

/* An endpoint that left the table and came back is one of the summary's, with the packets of both times. */
static void test_endpoint_comes_back(void)
{
    skypefp_tracker *tracker = new_tracker(2, 100, 100, 100);
    uint32_t frame = 0;

    for (uint32_t time = 0; time < 2; time++) {
        exchange(tracker, ++frame, (uint16_t)time, PEER + 1000, PEER, false);
        exchange(tracker, ++frame, (uint16_t)time, PEER + 1000, PEER, true);
        exchange(tracker, ++frame, 7, PEER + 2000 + time, PEER + 3000 + time, false);
        g_assert_false(is_known(tracker, PEER));
    }
    skypefp_summary *summary = skypefp_summarize(tracker, SKYPEFP_LIKELY);

    g_assert_cmpuint(summary->n_endpoints, ==, 1);
    g_assert_cmpuint(summary->endpoints[0].n_packets, ==, 4);
    g_assert_cmpuint(summary->endpoints[0].first_frame, ==, 1);
    g_assert_cmpuint(summary->endpoints[0].last_frame, ==, 5);
    skypefp_summary_free(summary);
    skypefp_tracker_free(tracker);
}

static bool speak(skypefp_tracker *tracker, uint32_t frame, uint16_t port, uint8_t flags, uint32_t seq, uint32_t len)
{
    struct feed feed;
    skypefp_sighting sighting;

    feed_begin(&feed, SKYPEFP_TCP, frame, CLIENT, port, PEER, PEER_PORT, len);
    feed.packet.tcp_flags = flags;
    feed.packet.tcp_seq = seq;
    memset(feed.data, 'x', len);
    return skypefp_observe(tracker, &feed.packet, &sighting);
}

static void test_streams(void)
{
    skypefp_tracker *tracker = new_tracker(100, 100, 10, 100);

    for (uint16_t i = 1; i <= 15; i++) {
        speak(tracker, i, i, SKYPEFP_SYN, 1000, 0);
    }
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).streams, ==, 5);
    skypefp_tracker_free(tracker);
}

/* Hosts that ask for a name of Skype's: the first ones are listed, and no more than there is room for. */
static void test_software(void)
{
    static const char query[] = "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x04"
                                "conn\x05"
                                "skype\x03"
                                "com\0\0\x01\0\x01";
    skypefp_tracker *tracker = new_tracker(100, 100, 100, 100);
    skypefp_sighting sighting;
    unsigned n;

    for (uint32_t i = 1; i <= MAX_SOFTWARE + 10; i++) {
        struct feed feed;
        feed_begin(&feed, SKYPEFP_UDP, i, CLIENT + i, CLIENT_PORT, PEER, 53, sizeof query - 1);
        memcpy(feed.data, query, sizeof query - 1);
        skypefp_observe(tracker, &feed.packet, &sighting);
    }
    const skypefp_host *hosts = skypefp_tracker_hosts(tracker, &n);
    g_assert_cmpuint(n, ==, MAX_SOFTWARE);
    g_assert_cmpuint(hosts[MAX_SOFTWARE - 1].frame, ==, MAX_SOFTWARE);
    skypefp_tracker_free(tracker);
}

/* A limit of 0 counts as 1, and nothing breaks. */
static void test_smallest(void)
{
    skypefp_tracker *tracker = new_tracker(0, 0, 0, 0);

    for (uint32_t i = 1; i <= 50; i++) {
        g_assert_true(ask(tracker, 3 * i, (uint16_t)i, PEER + i));
        answer(tracker, 3 * i + 1, (uint16_t)i, PEER + i);
        speak(tracker, 3 * i + 2, (uint16_t)i, SKYPEFP_SYN, 1000, 0);
        speak(tracker, 3 * i + 2, (uint16_t)i, SKYPEFP_ACK, 1001, 40);
    }
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).findings, ==, 99);
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).streams, ==, 49);
    skypefp_tracker_free(tracker);
}

/* ---- growth ---- */

/* A million requests that nobody answers, each to another peer: the second half costs nothing. */
static void test_unanswered_requests(void)
{
    enum { HALF = 500000 };
    skypefp_tracker *tracker = new_tracker(4096, 4096, 4096, 4096);
    uint32_t frame = 0;

    while (frame < HALF) {
        frame++;
        ask(tracker, frame, (uint16_t)frame, PEER + frame);
    }
    size_t at_half = heap_in_use();
    while (frame < 2 * HALF) {
        frame++;
        ask(tracker, frame, (uint16_t)frame, PEER + frame);
    }
    g_assert_cmpuint(heap_in_use(), <, at_half + SLACK);
    skypefp_dropped dropped = skypefp_tracker_dropped(tracker);
    g_assert_cmpuint(dropped.requests, ==, 2 * HALF - 4096);
    g_assert_cmpuint(dropped.findings, ==, 2 * HALF - 4096);
    g_assert_cmpuint(dropped.endpoints, >, 2 * HALF - 4096 - 1);
    skypefp_tracker_free(tracker);
}

/* The same of TCP: a new port for each connection, a few octets in each. */
static void test_connections(void)
{
    enum { HALF = 100000 };
    skypefp_tracker *tracker = new_tracker(4096, 4096, 4096, 4096);
    uint32_t frame = 0;
    size_t at_half = 0;

    while (frame < 2 * HALF) {
        frame++;
        speak(tracker, frame, (uint16_t)frame, SKYPEFP_SYN, frame * 7919, 0);
        speak(tracker, frame, (uint16_t)frame, SKYPEFP_ACK, frame * 7919 + 1, 40);
        at_half = frame == HALF ? heap_in_use() : at_half;
    }
    g_assert_cmpuint(heap_in_use(), <, at_half + SLACK);
    g_assert_cmpuint(skypefp_tracker_dropped(tracker).streams, ==, 2 * HALF - 4096);
    skypefp_tracker_free(tracker);
}

/* 10,000 segments of one octet: a conversation stops to be looked at, and does not grow. */
static void test_one_octet_segments(void)
{
    skypefp_tracker *tracker = new_tracker(100, 100, 100, 100);

    speak(tracker, 1, 1000, SKYPEFP_SYN, 999, 0);
    speak(tracker, 2, 1000, SKYPEFP_ACK, 1000 + 0x10000, 1);
    size_t before = heap_in_use();
    for (uint32_t i = 0; i < 10000; i++) {
        g_assert_false(speak(tracker, 3 + i, 1000, SKYPEFP_ACK, 1000 + i, 1));
    }
    g_assert_cmpuint(heap_in_use(), <, before + SMALL_SLACK);
    skypefp_tracker_free(tracker);
}

/* Segments in reverse order, without a SYN: each stands before all the others, and is looked at; but not for ever. */
static void test_reverse_order(void)
{
    skypefp_tracker *tracker = new_tracker(100, 100, 100, 100);

    for (uint32_t i = 0; i < MAX_LOOKS; i++) {
        speak(tracker, 1 + i, 1000, SKYPEFP_ACK, 1000000 - 2 * i, 2);
        const struct stream *stream = g_queue_peek_head(&tracker->streams.watched);
        g_assert_true(stream->is_watched == (i + 1 < MAX_LOOKS));
    }
    skypefp_tracker_free(tracker);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/reverse-order", test_reverse_order);
    g_test_add_func("/limits/findings", test_findings);
    g_test_add_func("/limits/requests", test_requests);
    g_test_add_func("/limits/endpoints", test_endpoints);
    g_test_add_func("/limits/proven-endpoints", test_proven_endpoints);
    g_test_add_func("/limits/chances", test_chances);
    g_test_add_func("/limits/many-askers", test_many_askers);
    g_test_add_func("/limits/endpoint-comes-back", test_endpoint_comes_back);
    g_test_add_func("/limits/streams", test_streams);
    g_test_add_func("/limits/software", test_software);
    g_test_add_func("/limits/smallest", test_smallest);
    g_test_add_func("/limits/unanswered-requests", test_unanswered_requests);
    g_test_add_func("/limits/connections", test_connections);
    g_test_add_func("/limits/one-octet-segments", test_one_octet_segments);
    return g_test_run();
}
