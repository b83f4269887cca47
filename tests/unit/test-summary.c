/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary of a capture: endpoints, conversations and counts. */
#include "feed.h"
#include "summary.h"

static const uint32_t CLIENT = 0xc0a80112, NODE = 0xc0a8010e;
enum { CLIENT_PORT = 33021, NODE_PORT = 48915, WEB_PORT = 40001, LATER_PORT = 40002 };

static skypefp_tracker *tracker;
static struct feed feed;
static uint32_t frame;

static void begin(void)
{
    skypefp_config config = skypefp_default_config();

    tracker = skypefp_tracker_new(&config);
    frame = 0;
}

static void observe(void)
{
    skypefp_sighting sighting;

    skypefp_observe(tracker, &feed.packet, &sighting);
}

/* A request and the answer with the asker's address: the node is certain. */
static void ask_and_answer(uint16_t id)
{
    feed_begin(&feed, SKYPEFP_UDP, ++frame, CLIENT, CLIENT_PORT, NODE, NODE_PORT, 18);
    feed_payload(&feed, id, 0x77bc02c0u + id * 0x9e3779b9u, id * 0x85ebca6bu);
    observe();
    feed_begin(&feed, SKYPEFP_UDP, ++frame, NODE, NODE_PORT, CLIENT, CLIENT_PORT, 11);
    feed_ack(&feed, id, CLIENT);
    observe();
}

static void send_segment(bool from_node, uint16_t client_port, uint32_t seq, uint8_t flags, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);

    if (from_node) {
        feed_begin(&feed, SKYPEFP_TCP, ++frame, NODE, NODE_PORT, CLIENT, client_port, len);
    } else {
        feed_begin(&feed, SKYPEFP_TCP, ++frame, CLIENT, client_port, NODE, NODE_PORT, len);
    }
    memcpy(feed.data, text, len);
    feed.packet.tcp_seq = seq;
    feed.packet.tcp_flags = flags;
    observe();
}

/* One request and one answer over a connection of their own, which the node closes. */
static void converse(uint16_t client_port, const char *request, const char *answer)
{
    send_segment(false, client_port, 1000, SKYPEFP_SYN, "");
    send_segment(true, client_port, 5000, SKYPEFP_SYN | SKYPEFP_ACK, "");
    send_segment(false, client_port, 1001, SKYPEFP_ACK, request);
    send_segment(true, client_port, 5001, SKYPEFP_ACK, answer);
    send_segment(true, client_port, 5001 + (uint32_t)strlen(answer), SKYPEFP_FIN | SKYPEFP_ACK, "");
}

static skypefp_summary *finish(enum skypefp_verdict threshold)
{
    return skypefp_summarize(tracker, threshold);
}

static void end(skypefp_summary *summary)
{
    skypefp_summary_free(summary);
    skypefp_tracker_free(tracker);
}

static void test_nothing(void)
{
    skypefp_summary *summary = skypefp_summarize(NULL, SKYPEFP_LIKELY);

    g_assert_cmpuint(summary->n_endpoints + summary->n_conversations + summary->n_halves, ==, 0);
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        g_assert_cmpuint(summary->rule_hits[i], ==, 0);
    }
    skypefp_summary_free(summary);
}

static uint32_t hits_of(const skypefp_summary *summary, const char *key)
{
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (strcmp(skypefp_rule_at(i)->key, key) == 0) {
            return summary->rule_hits[i];
        }
    }
    g_assert_not_reached();
}

static void test_udp(void)
{
    begin();
    ask_and_answer(0x5a10);
    ask_and_answer(0x6b31);
    skypefp_summary *summary = finish(SKYPEFP_LIKELY);

    g_assert_cmpuint(summary->packets[SKYPEFP_CERTAIN], ==, 4);
    g_assert_cmpuint(hits_of(summary, "udp.echo"), ==, 2);
    g_assert_cmpuint(summary->functions[2] + summary->functions[5], ==, 4);
    g_assert_cmpuint(summary->n_conversations, ==, 1);
    const skypefp_conversation_summary *conversation = &summary->conversations[0];
    g_assert_cmpuint(conversation->first_frame, ==, 1);
    g_assert_cmpuint(conversation->last_frame, ==, 4);
    g_assert_cmpuint(conversation->n_marked, ==, 4);
    g_assert_cmphex(conversation->active & (UINT64_C(1) << 63 | 1), ==, UINT64_C(1) << 63 | 1); /* first and last */
    g_assert_cmphex(conversation->data, ==, 0);
    g_assert_cmpuint(summary->endpoints[0].n_octets, ==, conversation->n_octets[0] + conversation->n_octets[1]);
    g_assert_cmpuint(summary->hosts[0].n_packets, ==, 4);
    g_assert_cmpuint(summary->hosts[0].n_octets, ==, summary->endpoints[0].n_octets);
    g_assert_cmpuint(summary->hosts[0].n_peers, ==, 1);
    g_assert_cmpuint(conversation->n_packets[0], ==, 2);
    g_assert_cmpuint(conversation->n_packets[1], ==, 2);
    g_assert_cmpint(conversation->verdict, ==, SKYPEFP_CERTAIN);
    g_assert_cmpuint(conversation->dst.port, ==, NODE_PORT);
    g_assert_cmpuint(summary->n_endpoints, ==, 1);
    const skypefp_endpoint_summary *node = &summary->endpoints[0];
    g_assert_cmpuint(skypefp_endpoint_address(node->endpoint).port, ==, NODE_PORT);
    g_assert_cmpint(node->bits, ==, 16 + 32 - 13);
    g_assert_cmpuint(node->proof, ==, 2);
    g_assert_cmpuint(node->n_packets, ==, 4);
    g_assert_cmpuint(node->n_peers, ==, 1);
    end(summary);
}

/* Below the threshold nothing of a possible conversation is marked; the counts stay. */
static void test_threshold(void)
{
    begin();
    converse(WEB_PORT, "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 404 Not Found\r\n\r\n");
    for (int threshold = SKYPEFP_POSSIBLE; threshold <= SKYPEFP_LIKELY; threshold++) {
        skypefp_summary *summary = finish((enum skypefp_verdict)threshold);
        g_assert_cmpuint(summary->n_conversations, ==, 1);
        g_assert_cmpint(summary->conversations[0].verdict, ==, SKYPEFP_POSSIBLE);
        g_assert_cmpuint(summary->conversations[0].n_marked, ==, threshold == SKYPEFP_POSSIBLE ? 3 : 0);
        g_assert_cmpuint(summary->n_endpoints, ==, 1);
        g_assert_cmpint(summary->endpoints[0].verdict, ==, SKYPEFP_POSSIBLE);
        g_assert_cmpuint(summary->packets[SKYPEFP_POSSIBLE], ==, 3); /* request, answer, close */
        skypefp_summary_free(summary);
    }
    skypefp_tracker_free(tracker);
}

/* Binary for garbage without a facade: half of the contradiction, told and not counted. */
static void test_half(void)
{
    begin();
    converse(WEB_PORT, "random data\r\n\r\n", "\x8f\x3a\xc1\xd9\x05\x77\xe2\x1b\x64\xf0\xa3\x9c\x2e\x5d");
    skypefp_summary *summary = finish(SKYPEFP_POSSIBLE);

    g_assert_cmpuint(summary->n_halves, ==, 1);
    g_assert_cmpuint(skypefp_endpoint_address(summary->halves[0].endpoint).port, ==, NODE_PORT);
    g_assert_cmpuint(summary->halves[0].frame, >=, 4);
    g_assert_cmpuint(summary->n_conversations + summary->n_endpoints, ==, 0);
    end(summary);
}

/* Once the facade comes, it is no half any more. */
static void test_completed_half(void)
{
    begin();
    converse(WEB_PORT, "random data\r\n\r\n", "\x8f\x3a\xc1\xd9\x05\x77\xe2\x1b\x64\xf0\xa3\x9c\x2e\x5d");
    converse(LATER_PORT, "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 404 Not Found\r\n\r\n");
    skypefp_summary *summary = finish(SKYPEFP_POSSIBLE);

    g_assert_cmpuint(summary->n_halves, ==, 0);
    g_assert_cmpuint(summary->n_conversations, ==, 2);
    g_assert_cmpuint(summary->n_endpoints, ==, 1);
    g_assert_cmpint(summary->endpoints[0].bits, ==, 27 - 13);
    end(summary);
}

/* The strongest endpoint first; conversations by their first frames, whichever transport was summed up first. */
static void test_order(void)
{
    begin();
    converse(WEB_PORT, "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 404 Not Found\r\n\r\n");
    converse(LATER_PORT, "random data\r\n\r\n", "\x8f\x3a\xc1\xd9\x05\x77\xe2\x1b\x64\xf0\xa3\x9c\x2e\x5d");
    ask_and_answer(0x5a10);
    feed_begin(&feed, SKYPEFP_UDP, ++frame, CLIENT, CLIENT_PORT, NODE + 1, NODE_PORT, 18);
    feed_payload(&feed, 0x7c55, 0x1234567, 0x89abcdef);
    observe();
    feed_begin(&feed, SKYPEFP_UDP, ++frame, NODE + 1, NODE_PORT, CLIENT, CLIENT_PORT, 11);
    feed_ack(&feed, 0x7c55, 0x7f000001);
    observe();
    skypefp_summary *summary = finish(SKYPEFP_POSSIBLE);

    g_assert_cmpuint(summary->n_halves, ==, 0);
    g_assert_cmpuint(summary->n_endpoints, ==, 2);
    g_assert_cmpint(summary->endpoints[0].bits, >, summary->endpoints[1].bits);
    g_assert_cmpuint(summary->n_conversations, ==, 4);
    for (unsigned i = 1; i < summary->n_conversations; i++) {
        g_assert_cmpuint(summary->conversations[i - 1].first_frame, <, summary->conversations[i].first_frame);
    }
    g_assert_cmpint(summary->conversations[0].transport, ==, SKYPEFP_TCP);
    g_assert_cmpint(summary->conversations[2].transport, ==, SKYPEFP_UDP);
    end(summary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/summary/nothing", test_nothing);
    g_test_add_func("/summary/udp", test_udp);
    g_test_add_func("/summary/threshold", test_threshold);
    g_test_add_func("/summary/half", test_half);
    g_test_add_func("/summary/completed-half", test_completed_half);
    g_test_add_func("/summary/order", test_order);
    return g_test_run();
}
