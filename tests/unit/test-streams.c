/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of TCP conversations: who began, port reuse, and limits that drop the oldest and count it. */
#include "endpoints.h"
#include "feed.h"
#include "streams.h"

enum { CLIENT = 0xc0a80102, SERVER = 0xc6336407, SERVER_PORT = 443, WATCHED = 8, KEPT = 16 };

static struct stream_table streams;
static struct endpoint_table endpoints;

static void begin(uint32_t max_watched, uint32_t max_kept)
{
    skypefp_streams_init(&streams, max_watched, max_kept, 1);
    skypefp_endpoints_init(&endpoints, 64, 1);
}

static void end(void)
{
    skypefp_streams_clear(&streams);
    skypefp_endpoints_clear(&endpoints);
}

/* The conversation of a packet with sequence number seq; from the client's port, or to it. */
static struct stream *touch(uint32_t frame, uint16_t port, bool from_client, uint8_t flags, uint32_t seq,
                            enum stream_side *side)
{
    struct feed feed;

    if (from_client) {
        feed_begin(&feed, SKYPEFP_TCP, frame, CLIENT, port, SERVER, SERVER_PORT, 0);
    } else {
        feed_begin(&feed, SKYPEFP_TCP, frame, SERVER, SERVER_PORT, CLIENT, port, 0);
    }
    feed.packet.tcp_flags = flags;
    feed.packet.tcp_seq = seq;
    return skypefp_streams_touch(&streams, &feed.packet, side);
}

static struct stream *find(uint32_t frame, uint16_t port)
{
    struct feed feed;
    enum stream_side side;

    feed_begin(&feed, SKYPEFP_TCP, frame, CLIENT, port, SERVER, SERVER_PORT, 0);
    return skypefp_streams_find(&streams, &feed.packet, &side);
}

static void keep(struct stream *stream)
{
    skypefp_address initiator = { stream->key[INITIATOR].bytes, stream->key[INITIATOR].len, stream->key[INITIATOR].port,
                                  0 };
    skypefp_address responder = { stream->key[RESPONDER].bytes, stream->key[RESPONDER].len, stream->key[RESPONDER].port,
                                  0 };
    skypefp_endpoint *from = skypefp_endpoints_touch(&endpoints, &initiator, 0);

    skypefp_streams_keep(&streams, stream, from, skypefp_endpoints_touch(&endpoints, &responder, 0));
}

static void test_who_began(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *stream = touch(1, 1000, true, SKYPEFP_SYN, 5, &side);
    g_assert_cmpint(side, ==, INITIATOR);
    g_assert_true(touch(2, 1000, false, SKYPEFP_SYN | SKYPEFP_ACK, 9, &side) == stream);
    g_assert_cmpint(side, ==, RESPONDER);
    g_assert_true(touch(3, 1001, false, SKYPEFP_SYN | SKYPEFP_ACK, 9, &side) != stream); /* the SYN was missed */
    g_assert_cmpint(side, ==, RESPONDER);
    touch(4, 1002, false, SKYPEFP_ACK, 9, &side); /* so was the whole beginning: who speaks first began */
    g_assert_cmpint(side, ==, INITIATOR);
    end();
}

static void test_one_port_on_both_sides(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *stream = touch(1, SERVER_PORT, true, SKYPEFP_SYN, 5, &side);
    g_assert_true(touch(2, SERVER_PORT, false, SKYPEFP_SYN | SKYPEFP_ACK, 9, &side) == stream);
    g_assert_cmpint(side, ==, RESPONDER);
    end();
}

/* A SYN that is sent again is the same connection; one with another number, after data, is a new one. */
static void test_port_reuse(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    uint32_t serial = touch(1, 1000, true, SKYPEFP_SYN, 5, &side)->serial;
    struct stream *first = touch(2, 1000, true, SKYPEFP_SYN, 5, &side);
    g_assert_cmpuint(first->serial, ==, serial);
    keep(first);
    first->side[INITIATOR].first_frame = 3;
    struct stream *second = touch(10, 1000, true, SKYPEFP_SYN, 77, &side);
    g_assert_true(second != first);
    keep(second);
    second->side[INITIATOR].first_frame = 11;
    struct stream *third = touch(20, 1000, true, SKYPEFP_SYN, 99, &side);
    g_assert_true(find(1, 1000) == first);
    g_assert_true(find(9, 1000) == first);
    g_assert_true(find(10, 1000) == second);
    g_assert_true(find(19, 1000) == second);
    g_assert_true(find(20, 1000) == third);
    g_assert_true(find(UINT32_MAX, 1000) == third);
    g_assert_null(find(1, 1001));
    end();
}

/* Without data, a SYN with another number is a new one after a refusal, or after a minute. */
static void test_another_try(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *first = touch(1, 1000, true, SKYPEFP_SYN, 5, &side);
    uint32_t serial = first->serial;
    g_assert_cmpuint(touch(2, 1000, true, SKYPEFP_SYN, 77, &side)->serial, ==, serial);
    first->side[RESPONDER].is_reset = true;
    g_assert_cmpuint(touch(3, 1000, true, SKYPEFP_SYN, 99, &side)->serial, !=, serial);
    end();
}

static void take(struct stream *stream, enum stream_side side, uint32_t frame, uint8_t flags, uint32_t seq,
                 uint32_t len)
{
    struct feed feed;

    feed_begin(&feed, SKYPEFP_TCP, frame, CLIENT, 1000, SERVER, SERVER_PORT, len);
    feed.packet.tcp_flags = flags;
    feed.packet.tcp_seq = seq;
    skypefp_direction_take(&stream->side[side], &feed.packet, &streams.octets);
}

/* Without a SYN the ports show who responds: a system port against another one, one that is not dynamic against a
 * dynamic one. */
/* A connection without findings between two that have some leaves; its frames belong to neither. */
static void test_gap_between_kept_ones(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *first = touch(1, 1000, true, SKYPEFP_SYN, 5, &side);
    keep(first);
    first->side[INITIATOR].first_frame = 1;
    struct stream *second = touch(10, 1000, true, SKYPEFP_SYN, 5000, &side);
    second->side[INITIATOR].first_frame = 10;
    g_assert_true(find(10, 1000) == second);
    struct stream *third = touch(20, 1000, true, SKYPEFP_SYN, 9000, &side);
    keep(third);
    g_assert_true(find(5, 1000) == first);
    g_assert_true(find(15, 1000) == NULL);
    g_assert_true(find(25, 1000) == third);
    end();
}

static void test_ports(void)
{
    static const struct {
        uint16_t src, dst;
        enum stream_side sender;
        bool is_known;
    } cases[] = {
        { 1023, 1024, RESPONDER, true },    { 1024, 1023, INITIATOR, true },   { 1023, 1022, INITIATOR, false },
        { 49151, 49152, RESPONDER, true },  { 49152, 49151, INITIATOR, true }, { 1024, 49151, INITIATOR, false },
        { 49152, 49153, INITIATOR, false },
    };

    begin(WATCHED, KEPT);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct feed feed;
        enum stream_side side;
        feed_begin(&feed, SKYPEFP_TCP, i + 1, CLIENT + i, cases[i].src, SERVER, cases[i].dst, 8);
        feed.packet.tcp_flags = SKYPEFP_ACK;
        struct stream *stream = skypefp_streams_touch(&streams, &feed.packet, &side);
        g_assert_cmpint(side, ==, cases[i].sender);
        g_assert_true(stream->knows_sides == cases[i].is_known);
    }
    end();
}

/* The same SYN again is a new connection once the one before it had data and ended, by an RST of one side or by both
 * FINs. */
static void test_reuse_of_a_number(void)
{
    enum stream_side side;

    for (unsigned n_ends = 0; n_ends < 4; n_ends++) {
        begin(WATCHED, KEPT);
        struct stream *first = touch(1, 1000, true, SKYPEFP_SYN, 5, &side);
        uint32_t serial = first->serial;
        take(first, INITIATOR, 1, SKYPEFP_SYN, 5, 0);
        take(first, INITIATOR, 2, SKYPEFP_ACK, 6, 24);
        if (n_ends > 0) {
            take(first, INITIATOR, 3, n_ends == 3 ? SKYPEFP_RST : SKYPEFP_FIN, 30, 0);
        }
        if (n_ends == 2) {
            take(first, RESPONDER, 3, SKYPEFP_SYN, 8, 0);
            take(first, RESPONDER, 4, SKYPEFP_FIN, 9, 0);
        }
        g_assert_true((touch(5, 1000, true, SKYPEFP_SYN, 5, &side)->serial == serial) == (n_ends < 2));
        end();
    }
}

/* The frames of handshake and ends that there are, and no others. */
static void test_ends(void)
{
    uint32_t frames[SKYPEFP_MAX_ENDS];
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *stream = touch(1, 1000, true, SKYPEFP_ACK, 5, &side);
    take(stream, INITIATOR, 1, SKYPEFP_ACK, 5, 24);
    g_assert_cmpuint(skypefp_conversation_ends(&stream->finding, frames), ==, 0);
    take(stream, RESPONDER, 7, SKYPEFP_SYN | SKYPEFP_ACK, 8, 0);
    take(stream, INITIATOR, 9, SKYPEFP_FIN, 29, 0);
    g_assert_cmpuint(skypefp_conversation_ends(&stream->finding, frames), ==, 2);
    g_assert_cmpuint(frames[0], ==, 9);
    g_assert_cmpuint(frames[1], ==, 7);
    end();
}

/* Data without a SYN, then an answering SYN far away in the same direction, which belongs to a connection whose SYN
 * was missed: what was said before is not forgotten when the next SYN comes. */
static void test_reuse_after_missed_syn(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *first = touch(1, 1000, true, SKYPEFP_ACK, 5000, &side);
    take(first, side, 1, SKYPEFP_ACK, 5000, 24);
    keep(first);
    take(first, side, 2, SKYPEFP_SYN | SKYPEFP_ACK, 0x80000000, 0);
    struct stream *second = touch(3, 1000, true, SKYPEFP_SYN, 77, &side);
    g_assert_true(second != first);
    g_assert_true(find(2, 1000) == first);
    end();
}

/* A conversation in which nothing was found makes room for the next one on its addresses and ports. */
static void test_reuse_without_findings(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    for (uint32_t i = 1; i <= 1000; i++) {
        touch(i, 1000, true, SKYPEFP_SYN, i, &side);
    }
    g_assert_cmpuint(g_queue_get_length(&streams.watched), ==, 1);
    g_assert_cmpuint(streams.dropped, ==, 0);
    end();
}

static void test_watched_limit(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    for (unsigned i = 1; i <= WATCHED; i++) {
        touch(i, (uint16_t)i, true, SKYPEFP_SYN, 5, &side);
    }
    touch(100, 1, true, SKYPEFP_FIN, 6, &side); /* the first is no longer the one that was quiet for longest */
    g_assert_cmpuint(streams.dropped, ==, 0);
    touch(101, 1000, true, SKYPEFP_SYN, 5, &side);
    g_assert_cmpuint(streams.dropped, ==, 1);
    g_assert_nonnull(find(101, 1));
    g_assert_null(find(101, 2));
    g_assert_nonnull(find(101, 3));
    g_assert_cmpuint(streams.chains.n_tuples, ==, WATCHED);
    for (unsigned i = 1; i <= WATCHED; i++) {
        touch(101 + i, (uint16_t)(1000 + i), true, SKYPEFP_SYN, 5, &side);
    }
    g_assert_null(find(200, 1)); /* but now it is */
    g_assert_nonnull(find(200, 1001));
    end();
}

/* The table fills up with conversations of two packets: the newest one does not leave before the oldest of them. */
static void test_newest_stays(void)
{
    enum stream_side side;
    uint32_t frame = 0;

    begin(WATCHED, KEPT);
    for (unsigned i = 1; i <= WATCHED; i++) {
        touch(++frame, (uint16_t)i, true, SKYPEFP_SYN, 5, &side);
        if (i > 1) {
            touch(++frame, (uint16_t)i, true, SKYPEFP_ACK, 6, &side);
        }
    }
    touch(++frame, 1000, true, SKYPEFP_SYN, 5, &side);
    g_assert_null(find(frame, 1));
    touch(++frame, 1001, true, SKYPEFP_SYN, 5, &side);
    g_assert_null(find(frame, 2));
    g_assert_nonnull(find(frame, 3));
    g_assert_nonnull(find(frame, 1000));
    end();
}

/* One with findings does not return to the watched ones. */
static void test_kept_stays_kept(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *kept = touch(1, 1, true, SKYPEFP_SYN, 5, &side);
    keep(kept);
    for (unsigned i = 2; i <= WATCHED; i++) {
        touch(i, (uint16_t)i, true, SKYPEFP_SYN, 5, &side);
    }
    touch(100, 1, true, SKYPEFP_ACK, 6, &side);
    g_assert_true(streams.kept.tail->data == kept);
    g_assert_true(streams.watched.tail->data != kept);
    end();
}

/* When the newest conversation on a set of ports has left, the one before it does not go on. */
static void test_succeeded_does_not_go_on(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    struct stream *first = touch(1, 1, true, SKYPEFP_SYN, 5, &side);
    keep(first);
    first->side[INITIATOR].first_frame = 1;
    touch(2, 1, true, SKYPEFP_SYN, 77, &side);
    for (unsigned i = 1; i <= WATCHED; i++) {
        touch(2 + i, (uint16_t)(1000 + i), true, SKYPEFP_SYN, 5, &side);
    }
    g_assert_null(find(50, 1));
    g_assert_true(touch(100, 1, true, SKYPEFP_ACK, 78, &side) != first);
    end();
}

static void test_kept_limit(void)
{
    enum stream_side side;

    begin(WATCHED, KEPT);
    for (unsigned i = 1; i <= KEPT + 3; i++) {
        keep(touch(i, (uint16_t)i, true, SKYPEFP_SYN, 5, &side));
    }
    g_assert_cmpuint(streams.dropped, ==, 0);
    g_assert_cmpuint(streams.dropped_kept, ==, 3);
    g_assert_null(find(100, 3));
    g_assert_nonnull(find(100, 4));
    g_assert_cmpuint(streams.chains.n_tuples, ==, KEPT);
    g_assert_cmpuint(g_hash_table_size(streams.kept_by_serial), ==, KEPT);
    end();
}

/* So many with findings on one set of addresses and ports is no client's work. */
static void test_limit_on_one_tuple(void)
{
    enum stream_side side;

    begin(WATCHED, 10 * MAX_ON_TUPLE);
    for (uint32_t i = 1; i <= 2 * MAX_ON_TUPLE; i++) {
        struct stream *stream = touch(i, 1000, true, SKYPEFP_SYN, i, &side);
        keep(stream);
        stream->side[INITIATOR].first_frame = i;
    }
    g_assert_cmpuint(streams.dropped_kept, ==, MAX_ON_TUPLE);
    g_assert_null(find(MAX_ON_TUPLE, 1000));
    g_assert_nonnull(find(MAX_ON_TUPLE + 1, 1000));
    g_assert_cmpuint(g_queue_get_length(&streams.kept), ==, MAX_ON_TUPLE);
    end();
}

static void test_serials(void)
{
    enum stream_side side;

    begin(WATCHED, 1);
    struct stream *first = touch(1, 1, true, SKYPEFP_SYN, 5, &side);
    uint32_t serial = first->serial;
    g_assert_null(skypefp_streams_by_serial(&streams, serial)); /* not kept yet */
    keep(first);
    g_assert_true(skypefp_streams_by_serial(&streams, serial) == first);
    keep(touch(2, 2, true, SKYPEFP_SYN, 5, &side));
    g_assert_null(skypefp_streams_by_serial(&streams, serial));
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/streams/who-began", test_who_began);
    g_test_add_func("/streams/one-port-on-both-sides", test_one_port_on_both_sides);
    g_test_add_func("/streams/port-reuse", test_port_reuse);
    g_test_add_func("/streams/another-try", test_another_try);
    g_test_add_func("/streams/gap-between-kept-ones", test_gap_between_kept_ones);
    g_test_add_func("/streams/ports", test_ports);
    g_test_add_func("/streams/reuse-of-a-number", test_reuse_of_a_number);
    g_test_add_func("/streams/ends", test_ends);
    g_test_add_func("/streams/reuse-after-missed-syn", test_reuse_after_missed_syn);
    g_test_add_func("/streams/reuse-without-findings", test_reuse_without_findings);
    g_test_add_func("/streams/watched-limit", test_watched_limit);
    g_test_add_func("/streams/newest-stays", test_newest_stays);
    g_test_add_func("/streams/kept-stays-kept", test_kept_stays_kept);
    g_test_add_func("/streams/succeeded-does-not-go-on", test_succeeded_does_not_go_on);
    g_test_add_func("/streams/kept-limit", test_kept_limit);
    g_test_add_func("/streams/limit-on-one-tuple", test_limit_on_one_tuple);
    g_test_add_func("/streams/serials", test_serials);
    return g_test_run();
}
