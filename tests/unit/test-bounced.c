/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that come back: which octets count, to whom, and for how long. */
#include "bounced.h"
#include "endpoints.h"
#include "feed.h"

enum { LIMIT = 4, PORT = 35990 };
static const uint32_t CLIENT = 0xc0a80102, SERVER = 0xc6336407;

static struct endpoint_table endpoints;
static struct bounced_table bounced;
static skypefp_endpoint *client, *server;

static skypefp_endpoint *touch(uint32_t host)
{
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    skypefp_address address = { bytes, sizeof bytes, PORT, 0 };

    feed_be32(bytes, host);
    return skypefp_endpoints_touch(&endpoints, &address, 0);
}

static void begin(void)
{
    skypefp_endpoints_init(&endpoints, 10, 1);
    skypefp_bounced_init(&bounced, LIMIT, 2);
    client = touch(CLIENT);
    server = touch(SERVER);
}

static void end(void)
{
    skypefp_bounced_clear(&bounced);
    skypefp_endpoints_clear(&endpoints);
}

/* A payload whose last compared octet, of 11, can be changed. */
static bool take(const skypefp_endpoint *src, const skypefp_endpoint *dst, uint16_t id, uint8_t last)
{
    struct feed feed;

    feed_begin(&feed, SKYPEFP_UDP, 1, CLIENT, PORT, SERVER, PORT, 18);
    feed_payload(&feed, id, 0x3c1d70a5, 0x5ee00000u | last);
    return skypefp_bounced_take(&bounced, &feed.packet, src, dst);
}

static void test_octets(void)
{
    begin();
    g_assert_false(take(client, server, 1, 0));
    g_assert_false(take(server, client, 1, 1)); /* the CRC differs in its last octet */
    g_assert_true(take(server, client, 1, 0));
    g_assert_true(take(server, client, 1, 0)); /* as often as it comes */
    g_assert_true(take(client, server, 1, 1));
    g_assert_false(take(client, server, 2, 0));
    g_assert_false(take(client, server, 2, 0)); /* a copy, the same way */
    end();
}

static void test_to_itself(void)
{
    begin();
    g_assert_false(take(client, client, 1, 0));
    g_assert_false(take(client, client, 1, 0));
    end();
}

/* The newest are remembered, LIMIT of them at least and twice as many at most. */
static void test_limit(void)
{
    begin();
    for (uint16_t id = 1; id <= 3 * LIMIT; id++) {
        g_assert_false(take(client, server, id, 0));
    }
    g_assert_false(take(server, client, 1, 0));
    g_assert_false(take(server, client, LIMIT, 0));
    g_assert_true(take(server, client, 2 * LIMIT + 1, 0));
    g_assert_true(take(server, client, 3 * LIMIT, 0));
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/octets", test_octets);
    g_test_add_func("/bounced/to-itself", test_to_itself);
    g_test_add_func("/bounced/limit", test_limit);
    return g_test_run();
}
