/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of what narrowly was not Skype. */
#include "feed.h"
#include "near_misses.h"

static const uint32_t CLIENT = 0xc0a80112, NODE = 0xc0a8010e;
enum { CLIENT_PORT = 33021, NODE_PORT = 48915, WEB_PORT = 40001 };

static skypefp_tracker *tracker;
static struct feed feed;
static uint32_t frame;

static void begin(bool near_misses)
{
    skypefp_config config = skypefp_default_config();

    config.near_misses = near_misses;
    tracker = skypefp_tracker_new(&config);
    frame = 0;
}

static void observe(void)
{
    skypefp_sighting sighting;

    skypefp_observe(tracker, &feed.packet, &sighting);
}

static void ask(uint16_t id)
{
    feed_begin(&feed, SKYPEFP_UDP, ++frame, CLIENT, CLIENT_PORT, NODE, NODE_PORT, 18);
    feed_payload(&feed, id, 0x77bc02c0u + id * 0x9e3779b9u, id * 0x85ebca6bu);
    observe();
}

static void answer(uint16_t id)
{
    feed_begin(&feed, SKYPEFP_UDP, ++frame, NODE, NODE_PORT, CLIENT, CLIENT_PORT, 11);
    feed_ack(&feed, id, CLIENT);
    observe();
}

static void send_segment(bool from_node, uint32_t seq, uint8_t flags, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);

    if (from_node) {
        feed_begin(&feed, SKYPEFP_TCP, ++frame, NODE, NODE_PORT, CLIENT, WEB_PORT, len);
    } else {
        feed_begin(&feed, SKYPEFP_TCP, ++frame, CLIENT, WEB_PORT, NODE, NODE_PORT, len);
    }
    memcpy(feed.data, text, len);
    feed.packet.tcp_seq = seq;
    feed.packet.tcp_flags = flags;
    observe();
}

/* A web server: what it answers has a header. */
static void browse(void)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n", answered[] = "HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\n";

    send_segment(false, 1000, SKYPEFP_SYN, "");
    send_segment(true, 5000, SKYPEFP_SYN | SKYPEFP_ACK, "");
    send_segment(false, 1001, SKYPEFP_ACK, request);
    send_segment(true, 5001, SKYPEFP_ACK, answered);
    send_segment(true, 5001 + (uint32_t)strlen(answered), SKYPEFP_FIN | SKYPEFP_ACK, "");
}

static void test_nothing(void)
{
    GArray *list = skypefp_near_misses(NULL, SKYPEFP_LIKELY);

    g_assert_cmpuint(list->len, ==, 0);
    g_array_unref(list);
    begin(false);
    answer(0x5a10);
    browse();
    list = skypefp_near_misses(tracker, SKYPEFP_LIKELY);
    g_assert_cmpuint(list->len, ==, 0); /* nobody asked for them */
    g_array_unref(list);
    skypefp_tracker_free(tracker);
}

/* Answers that nobody asked for share a row; the web server's conversation has its own. */
static void test_rows(void)
{
    begin(true);
    answer(0x5a10);
    browse();
    answer(0x6b31);
    GArray *list = skypefp_near_misses(tracker, SKYPEFP_LIKELY);

    g_assert_cmpuint(list->len, ==, 2);
    const skypefp_near_miss *udp = &g_array_index(list, skypefp_near_miss, 0),
                            *tcp = &g_array_index(list, skypefp_near_miss, 1);
    g_assert_cmpstr(udp->rule->key, ==, "udp.echo");
    g_assert_cmpuint(udp->n, ==, 2);
    g_assert_cmpuint(udp->first_frame, ==, 1);
    g_assert_cmpint(udp->transport, ==, SKYPEFP_UDP);
    g_assert_cmpuint(udp->src.port, ==, NODE_PORT);
    g_assert_cmpuint(udp->dst.port, ==, CLIENT_PORT);
    g_assert_cmpstr(tcp->rule->key, ==, "tcp.http_facade");
    g_assert_cmpuint(tcp->n, ==, 1);
    g_assert_cmpuint(tcp->first_frame, ==, 2);
    g_assert_cmpint(tcp->transport, ==, SKYPEFP_TCP);
    g_assert_cmpuint(tcp->src.port, ==, WEB_PORT); /* who began it */
    g_assert_cmpuint(tcp->dst.port, ==, NODE_PORT);
    g_array_unref(list);
    skypefp_tracker_free(tracker);
}

/* What is marked from the threshold on is not a near miss, whatever failed on it: the first answer's id was not asked,
 * the second one proves the node, and within ten minutes of that the first is marked as well. */
static void test_marked(void)
{
    begin(true);
    answer(0x5a10);
    ask(0x6b31);
    answer(0x6b31);
    GArray *list = skypefp_near_misses(tracker, SKYPEFP_LIKELY);

    g_assert_cmpuint(list->len, ==, 0);
    g_array_unref(list);
    skypefp_tracker_free(tracker);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/near-misses/nothing", test_nothing);
    g_test_add_func("/near-misses/rows", test_rows);
    g_test_add_func("/near-misses/marked", test_marked);
    return g_test_run();
}
