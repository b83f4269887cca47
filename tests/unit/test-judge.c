/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose verdict a packet shows when several could be shown. */
#include "feed.h"
#include "open_spans.h"
#include "proof.h"
#include "tracker.h"

static const uint32_t CLIENT = 0xc0a80102, PEER = 0xc6336407;
enum { CLIENT_PORT = 35990, PEER_PORT = 12345 };

static skypefp_tracker *tracker;
static struct feed feed;
static skypefp_sighting sighting;
static uint32_t frame;

static void begin(void)
{
    skypefp_config config = skypefp_default_config();

    config.hash_seed = 1;
    tracker = skypefp_tracker_new(&config);
    frame = 0;
}

static void end(void)
{
    skypefp_tracker_free(tracker);
}

static void add(const skypefp_endpoint *endpoint, uint8_t bits)
{
    const struct proving nothing = { .octets = NULL };
    const skypefp_evidence evidence = { .frame = 1, .bits = bits };

    skypefp_endpoint_add((skypefp_endpoint *)(uintptr_t)endpoint, &evidence, 0, &nothing);
}

/* A payload without evidence of its own, from the peer to the client or the other way round. */
static const skypefp_finding *send_payload(bool from_peer)
{
    frame++;
    feed_begin(&feed, SKYPEFP_UDP, frame, from_peer ? PEER : CLIENT, from_peer ? PEER_PORT : CLIENT_PORT,
               from_peer ? CLIENT : PEER, from_peer ? CLIENT_PORT : PEER_PORT, 18);
    feed_payload(&feed, (uint16_t)(0x1111 * frame), 0x3c1d70a5, 0x5ee00000 + frame);
    g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
    return sighting.finding;
}

/* In an open pair the stronger end counts, whoever opened it. */
static void test_the_stronger_end(void)
{
    skypefp_judgement judgement;

    begin();
    const skypefp_finding *finding = send_payload(false);
    add(finding->src, 23);
    add(finding->dst, 64);
    skypefp_pair_open(pair_of(finding->contact), 0, (skypefp_endpoint *)(uintptr_t)finding->src, finding->time_us);
    g_assert_true(skypefp_judge(tracker, &sighting, &judgement));
    g_assert_cmpint(judgement.verdict, ==, SKYPEFP_CERTAIN);
    g_assert_true(judgement.endpoint == finding->dst && judgement.inherited);
    end();
}

/* What is likely by association hands nothing on: the verdict is the proven end's, though the other one sent the
 * message. */
static void test_an_associate_hands_nothing_on(void)
{
    skypefp_judgement judgement;

    begin();
    const skypefp_finding *finding = send_payload(true);
    add(finding->dst, 23);
    ((skypefp_endpoint *)(uintptr_t)finding->src)->peer_frame = 7;
    skypefp_pair_open(pair_of(finding->contact), 1, (skypefp_endpoint *)(uintptr_t)finding->dst, finding->time_us);
    g_assert_true(skypefp_judge(tracker, &sighting, &judgement));
    g_assert_cmpint(judgement.verdict, ==, SKYPEFP_LIKELY);
    g_assert_true(judgement.endpoint == finding->dst && !judgement.associated);
    end();
}

static bool send_segment(bool from_client, uint8_t flags, uint32_t seq, const char *octets, uint32_t len)
{
    frame++;
    feed_begin(&feed, SKYPEFP_TCP, frame, from_client ? CLIENT : PEER, from_client ? CLIENT_PORT : PEER_PORT,
               from_client ? PEER : CLIENT, from_client ? PEER_PORT : CLIENT_PORT, len);
    memcpy(feed.data, octets, len);
    feed.packet.tcp_flags = flags;
    feed.packet.tcp_seq = seq;
    return skypefp_observe(tracker, &feed.packet, &sighting);
}

/* When both sides of a conversation are as strong, a segment shows its sender's. */
static void test_a_tie(void)
{
    skypefp_judgement judgement;

    begin();
    send_segment(true, SKYPEFP_SYN, 999, "", 0);
    send_segment(false, SKYPEFP_SYN | SKYPEFP_ACK, 1999, "", 0);
    send_segment(true, SKYPEFP_ACK, 1000, "\x16\x03\x01\0\0", 5);
    for (unsigned i = 0; i < 2; i++) {
        bool from_client = i == 1;
        g_assert_true(send_segment(from_client, SKYPEFP_ACK, from_client ? 1005 : 2000,
                                   from_client ? "abcde" : "\x17\x03\x01\0\0", 5));
        g_assert_true(skypefp_judge(tracker, &sighting, &judgement));
        g_assert_cmpint(judgement.verdict, ==, SKYPEFP_CERTAIN);
        g_assert_true(judgement.endpoint == (from_client ? sighting.finding->src : sighting.finding->dst));
    }
    end();
}

/* A response time is that of what asked last: the request, and after a NAK its resend. */
static void test_response_times(void)
{
    static const uint8_t challenge[] = { 0xc4, 0xa1, 0x1e, 0x57 };

    begin();
    send_payload(false);
    uint16_t id = 0x1111;
    frame = 10;
    feed_begin(&feed, SKYPEFP_UDP, frame, PEER, PEER_PORT, CLIENT, CLIENT_PORT, 11);
    feed_ack(&feed, id, 0x5680f573);
    feed.data[2] = 0x47;
    memcpy(feed.data + 7, challenge, sizeof challenge);
    g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
    g_assert_cmpint(sighting.finding->response_time_us, ==, 9 * 10000);
    frame = 30;
    feed_begin(&feed, SKYPEFP_UDP, frame, CLIENT, CLIENT_PORT, PEER, PEER_PORT, 23);
    feed_ack(&feed, id, 0);
    feed.data[2] = 0x63;
    feed.data[3] = 1;
    memcpy(feed.data + 4, challenge, sizeof challenge);
    feed_be32(feed.data + 8, PEER);
    feed_be32(feed.data + 12, 0x5ee00001);
    g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
    g_assert_nonnull(sighting.finding->evidence);
    frame = 37;
    feed_begin(&feed, SKYPEFP_UDP, frame, PEER, PEER_PORT, CLIENT, CLIENT_PORT, 11);
    feed_ack(&feed, id, 0x5680f573);
    g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
    g_assert_cmpint(sighting.finding->response_time_us, ==, 7 * 10000);
    end();
}

static const char *unjudged(void)
{
    skypefp_judgement judgement;

    g_assert_false(skypefp_judge(tracker, &sighting, &judgement));
    return judgement.unjudged;
}

/* Why a conversation could not be judged is said when something was found at its ends: of the responder, or of the
 * initiator's host. */
static void test_suspicion(void)
{
    begin();
    const skypefp_endpoint *peer = send_payload(false)->dst;
    tracker->has_evidence = true;
    send_segment(true, SKYPEFP_SYN, 999, "", 0);
    g_assert_true(send_segment(true, SKYPEFP_ACK, 1000, "ab", 2));
    g_assert_null(unjudged());
    add(peer, 5);
    g_assert_cmpstr(unjudged(), ==, "too short");
    end();
    begin();
    tracker->has_evidence = true;
    send_segment(true, SKYPEFP_SYN, 999, "", 0);
    g_assert_true(send_segment(true, SKYPEFP_ACK, 1000, "ab", 2));
    skypefp_address host = { feed.src, SKYPEFP_IPV4_LEN, 0, 0 };
    skypefp_endpoint *proven = skypefp_endpoints_touch(&tracker->hosts, &host, 0);
    g_assert_null(unjudged());
    proven->proof_frame = 1;
    g_assert_cmpstr(unjudged(), ==, "too short");
    end();
}

/* The first 16 payloads that have another one before them show whose generator it is; later ones change nothing. */
static void test_tested_payloads(void)
{
    uint32_t iv = 0x3c1d70a5;

    begin();
    for (frame = 1; frame <= 40; frame++) {
        feed_begin(&feed, SKYPEFP_UDP, frame, CLIENT, CLIENT_PORT, PEER, PEER_PORT, 18);
        feed_payload(&feed, (uint16_t)(0x1111 * frame), iv, 0x5ee00000 + frame);
        iv = frame < 20 ? iv * 0x10dcd + 0x4271 : ~(iv * 3);
        g_assert_true(skypefp_observe(tracker, &feed.packet, &sighting));
        g_assert_cmpuint(sighting.finding->src->n_tested, ==, MIN(frame - 1, 16));
        g_assert_cmpuint(sighting.finding->src->n_fitted, ==, MIN(frame - 1, 16));
    }
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/judge/the-stronger-end", test_the_stronger_end);
    g_test_add_func("/judge/an-associate-hands-nothing-on", test_an_associate_hands_nothing_on);
    g_test_add_func("/judge/a-tie", test_a_tie);
    g_test_add_func("/judge/suspicion", test_suspicion);
    g_test_add_func("/judge/tested-payloads", test_tested_payloads);
    g_test_add_func("/judge/response-times", test_response_times);
    return g_test_run();
}
