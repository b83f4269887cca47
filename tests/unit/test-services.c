/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who answered, and what it announced itself to be. */
#include "feed.h"
#include "services.h"

static const uint32_t CLIENT = 0xc0a80112, SERVER = 0xc0a8010e, OTHER = 0x0a000001;
enum { CLIENT_PORT = 33021, SERVER_PORT = 2121, SEED = 6 };

static skypefp_services *services;
static struct feed feed;
static uint32_t frame;

static void begin(void)
{
    services = skypefp_services_new(SEED);
    frame = 0;
}

static void end(void)
{
    skypefp_services_free(services);
}

static bool observe(skypefp_answerer *answerer)
{
    return skypefp_services_observe(services, &feed.packet, answerer);
}

/* One packet between client and server; text NULL: no payload. True when it tells something new of the server. */
static bool exchange(enum skypefp_transport transport, bool from_server, uint8_t flags, const char *text)
{
    uint32_t src = from_server ? SERVER : CLIENT, dst = from_server ? CLIENT : SERVER;
    uint16_t src_port = from_server ? SERVER_PORT : CLIENT_PORT, dst_port = from_server ? CLIENT_PORT : SERVER_PORT;
    skypefp_answerer answerer = { .first_frame = 0 };

    feed_begin(&feed, transport, ++frame, src, src_port, dst, dst_port, text != NULL ? (uint32_t)strlen(text) : 0);
    if (text != NULL) {
        memcpy(feed.data, text, strlen(text));
    }
    feed.packet.tcp_flags = flags;
    if (!observe(&answerer)) {
        return false;
    }
    g_assert_cmpuint(answerer.address.port, ==, SERVER_PORT);
    g_assert_true(memcmp(answerer.address.bytes, from_server ? feed.src : feed.dst, SKYPEFP_IPV4_LEN) == 0);
    return true;
}

static enum skypefp_service service_of(uint32_t host, uint16_t port)
{
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    skypefp_address address = { bytes, SKYPEFP_IPV4_LEN, port, 0 };

    feed_be32(bytes, host);
    return skypefp_services_lookup(services, &address);
}

static unsigned count(void)
{
    unsigned n;

    g_free(skypefp_services_list(services, &n));
    return n;
}

static void test_names(void)
{
    g_assert_cmpstr(skypefp_service_name(SKYPEFP_SERVICE_UNKNOWN), ==, "unknown");
    g_assert_cmpstr(skypefp_service_name(SKYPEFP_SERVICE_HTTP), ==, "http");
    g_assert_cmpstr(skypefp_service_name(SKYPEFP_SERVICE_FTP), ==, "ftp");
    g_assert_cmpstr(skypefp_service_name(SKYPEFP_SERVICE_SKYPE), ==, "skype");
}

static void test_http_server(void)
{
    begin();
    g_assert_false(exchange(SKYPEFP_TCP, false, SKYPEFP_SYN, NULL));
    g_assert_false(exchange(SKYPEFP_TCP, true, SKYPEFP_SYN | SKYPEFP_ACK, NULL));
    g_assert_false(exchange(SKYPEFP_TCP, false, SKYPEFP_ACK, "GET / HTTP/1.0\r\n\r\n"));
    g_assert_cmpuint(count(), ==, 0);
    g_assert_true(exchange(SKYPEFP_TCP, true, SKYPEFP_ACK, "HTTP/1.0 200 OK\r\n\r\n"));
    g_assert_false(exchange(SKYPEFP_TCP, true, SKYPEFP_ACK, "220 ftp, but too late"));
    g_assert_cmpint(service_of(SERVER, SERVER_PORT), ==, SKYPEFP_SERVICE_HTTP);
    g_assert_cmpint(service_of(CLIENT, CLIENT_PORT), ==, SKYPEFP_SERVICE_UNKNOWN);
    end();
}

static void test_ftp_server_that_says_so(void)
{
    begin();
    exchange(SKYPEFP_TCP, false, SKYPEFP_SYN, NULL);
    g_assert_true(exchange(SKYPEFP_TCP, true, SKYPEFP_ACK, "220 Welcome to this FTP server\r\n"));
    g_assert_cmpint(service_of(SERVER, SERVER_PORT), ==, SKYPEFP_SERVICE_FTP);
    end();
}

/* A greeting of 220 may be a mail server's; USER tells. */
static void test_ftp_server_that_is_told(void)
{
    begin();
    exchange(SKYPEFP_TCP, false, SKYPEFP_SYN, NULL);
    g_assert_true(exchange(SKYPEFP_TCP, true, SKYPEFP_ACK, "220 ready\r\n"));
    g_assert_cmpint(service_of(SERVER, SERVER_PORT), ==, SKYPEFP_SERVICE_UNKNOWN);
    g_assert_false(exchange(SKYPEFP_TCP, false, SKYPEFP_ACK, "EHLO me\r\n"));
    g_assert_true(exchange(SKYPEFP_TCP, false, SKYPEFP_ACK, "USER me\r\n"));
    g_assert_false(exchange(SKYPEFP_TCP, false, SKYPEFP_ACK, "USER me\r\n"));
    g_assert_cmpint(service_of(SERVER, SERVER_PORT), ==, SKYPEFP_SERVICE_FTP);
    end();
}

/* The SYN was missed: the first packet is the server's SYN with an ACK. */
static void test_capture_begins_with_the_answer(void)
{
    begin();
    g_assert_false(exchange(SKYPEFP_TCP, true, SKYPEFP_SYN | SKYPEFP_ACK, NULL));
    g_assert_false(exchange(SKYPEFP_TCP, false, SKYPEFP_ACK, "x"));
    g_assert_true(exchange(SKYPEFP_TCP, true, SKYPEFP_ACK, "y"));
    g_assert_cmpint(service_of(SERVER, SERVER_PORT), ==, SKYPEFP_SERVICE_UNKNOWN);
    end();
}

/* A datagram has no flags: whatever stands there is not looked at, and its text announces nothing. */
static void test_datagrams(void)
{
    begin();
    g_assert_false(exchange(SKYPEFP_UDP, false, SKYPEFP_SYN | SKYPEFP_ACK, "x"));
    g_assert_true(exchange(SKYPEFP_UDP, true, SKYPEFP_SYN | SKYPEFP_ACK, "HTTP/1.0 200 OK\r\n\r\n"));
    g_assert_false(exchange(SKYPEFP_UDP, true, 0, "y"));
    g_assert_cmpint(service_of(SERVER, SERVER_PORT), ==, SKYPEFP_SERVICE_UNKNOWN);
    end();
}

static void test_addresses_of_other_kinds_are_ignored(void)
{
    begin();
    exchange(SKYPEFP_UDP, false, 0, "x");
    skypefp_answerer answerer;
    feed_begin(&feed, SKYPEFP_UDP, ++frame, SERVER, SERVER_PORT, CLIENT, CLIENT_PORT, 1);
    feed.packet.src.len = 0;
    g_assert_false(observe(&answerer));
    g_assert_cmpuint(count(), ==, 0);
    end();
}

static void test_list_is_sorted(void)
{
    const struct {
        uint32_t host;
        uint16_t port;
    } order[] = { { OTHER, 9 }, { SERVER, 7 }, { SERVER, 9 } };

    begin();
    for (unsigned i = G_N_ELEMENTS(order); i-- > 0;) {
        skypefp_answerer answerer;
        feed_begin(&feed, SKYPEFP_UDP, ++frame, CLIENT, CLIENT_PORT, order[i].host, order[i].port, 1);
        g_assert_false(observe(&answerer));
        feed_begin(&feed, SKYPEFP_UDP, ++frame, order[i].host, order[i].port, CLIENT, CLIENT_PORT, 1);
        g_assert_true(observe(&answerer));
        g_assert_cmpuint(answerer.first_frame, ==, frame);
    }
    unsigned n;
    skypefp_answerer *list = skypefp_services_list(services, &n);
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(order));
    for (unsigned i = 0; i < n; i++) {
        uint8_t bytes[SKYPEFP_IPV4_LEN];
        feed_be32(bytes, order[i].host);
        g_assert_true(memcmp(list[i].address.bytes, bytes, SKYPEFP_IPV4_LEN) == 0);
        g_assert_cmpuint(list[i].address.port, ==, order[i].port);
    }
    g_free(list);
    end();
}

static void test_pairs_are_bounded(void)
{
    enum { MORE = 10 };
    skypefp_answerer answerer;

    begin();
    for (uint32_t i = 0; i < SKYPEFP_MAX_PAIRS + MORE; i++) {
        feed_begin(&feed, SKYPEFP_UDP, ++frame, OTHER + i, CLIENT_PORT, SERVER, SERVER_PORT, 1);
        observe(&answerer);
    }
    g_assert_cmpuint(skypefp_services_dropped(services), ==, MORE);
    feed_begin(&feed, SKYPEFP_UDP, ++frame, SERVER, SERVER_PORT, OTHER, CLIENT_PORT, 1);
    g_assert_true(observe(&answerer));
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/services/names", test_names);
    g_test_add_func("/services/http", test_http_server);
    g_test_add_func("/services/ftp-greeting", test_ftp_server_that_says_so);
    g_test_add_func("/services/ftp-user", test_ftp_server_that_is_told);
    g_test_add_func("/services/answer-first", test_capture_begins_with_the_answer);
    g_test_add_func("/services/datagrams", test_datagrams);
    g_test_add_func("/services/other-addresses", test_addresses_of_other_kinds_are_ignored);
    g_test_add_func("/services/sorted", test_list_is_sorted);
    g_test_add_func("/services/bounded", test_pairs_are_bounded);
    return g_test_run();
}
