/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How other protocols begin: each with what narrowly is not one of them. */
#include "openings.h"

#include "feed.h"

static struct direction direction;
static struct pool pool;

/* A direction whose first segment brought n octets, and a second one more, unless it has none. */
static const struct direction *sent(const char *octets, uint32_t n, uint32_t n_more)
{
    static struct feed feed;
    uint32_t done = 0;

    skypefp_pool_give(&pool, direction.first);
    memset(&direction, 0, sizeof direction);
    for (unsigned i = 0; i < 2; i++) {
        uint32_t len = i == 0 ? n : n_more;
        feed_begin(&feed, SKYPEFP_TCP, i + 1, 1, 1, 2, 2, len);
        for (uint32_t j = 0; j < len; j++) {
            feed.data[j] = (uint8_t)octets[done + j];
        }
        feed.packet.tcp_seq = 1000 + done;
        skypefp_direction_take(&direction, &feed.packet, &pool);
        done += len;
    }
    return &direction;
}

static bool is_known(const char *octets, uint32_t n)
{
    return skypefp_opens_as_known_binary(sent(octets, n, 0));
}

#define IS_KNOWN(octets) is_known("" octets, sizeof octets - 1)

static void test_tls(void)
{
    g_assert_true(IS_KNOWN("\x16\x03\x01\x7f\x7f\x01\xa5\xa5"));
    g_assert_true(IS_KNOWN("\x16\x03\x04\x7f\x7f\x01\xa5\xa5"));
    g_assert_false(IS_KNOWN("\x16\x03\x05\x7f\x7f\x01\xa5\xa5"));
    g_assert_true(IS_KNOWN("\x18\x03\x03\x7f\x7f\x01\xa5\xa5"));
    g_assert_false(IS_KNOWN("\x19\x03\x03\x7f\x7f\x01\xa5\xa5"));
    g_assert_false(IS_KNOWN("\x13\x03\x03\x7f\x7f\x01\xa5\xa5"));
    g_assert_true(IS_KNOWN("\x80\xee\x01\x03\x01\x7f\x7f\xa5")); /* SSLv2: version 3.x, or its own 0.2 */
    g_assert_true(IS_KNOWN("\x80\xee\x01\x00\x02\x7f\x7f\xa5"));
    g_assert_false(IS_KNOWN("\x80\xee\x01\x04\x02\x7f\x7f\xa5"));
    g_assert_false(IS_KNOWN("\x80\xee\x02\x03\x02\x7f\x7f\xa5"));
}

static void test_tpkt_and_smb(void)
{
    g_assert_true(IS_KNOWN("\x03\x00\x00\x07\x7f\x7f\x7f\x7f\x7f")); /* two messages, the first of 7 octets */
    g_assert_false(IS_KNOWN("\x03\x00\x7f\x0a\x7f\x7f\x7f\x7f\x7f"));
    g_assert_true(IS_KNOWN("\x00\x7f\x7f\x7f\xffSMB\x72"));
    g_assert_true(IS_KNOWN("\x00\x7f\x7f\x7f\xfeSMB\x40"));
    g_assert_false(IS_KNOWN("\x00\x7f\x7f\x7f\xfdSMB\x72"));
}

static void test_socks(void)
{
    g_assert_true(IS_KNOWN("\x05\x02\xe1\xe2"));
    g_assert_false(IS_KNOWN("\x05\x04\xe1\xe2\xe3\xe4\xe5")); /* one octet more than it has methods */
    g_assert_true(
        IS_KNOWN("\x04\x01\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xf5")); /* 22 */
    g_assert_false(
        IS_KNOWN("\x04\x01\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xf5\xf6"));
    g_assert_false(IS_KNOWN("\x06\x01\xe1\xe2\xe3\xe4\xe5\xe6\xe7"));
}

/* Messages after their lengths, to the end of the first segment or of everything. */
static void test_lengths(void)
{
    static const char two[] = "\x00\x05\xe1\xe2\xe3\xe4\xe5\x00\x04\xe6\xe7\xe8\xe9";

    g_assert_true(IS_KNOWN("\x00\x05\xe1\xe2\xe3\xe4\xe5\x00\x04\xe6\xe7\xe8\xe9"));
    g_assert_false(IS_KNOWN("\x00\x05\xe1\xe2\xe3\xe4\xe5\x00\x05\xe6\xe7\xe8\xe9"));
    g_assert_true(skypefp_opens_as_known_binary(sent(two, 13, 0)));
    static const char then_others[] = "\x00\x05\xe1\xe2\xe3\xe4\xe5\x00\x04\xe6\xe7\xe8\xe9\xff\xff\xff";
    g_assert_true(skypefp_opens_as_known_binary(sent(then_others, 13, 3))); /* the first segment alone */
    g_assert_false(skypefp_opens_as_known_binary(sent(then_others, 12, 4)));
}

/* A length in the first four octets, in either order: of everything, of what follows it, or of what follows a header
 * of four. */
static void test_own_length(void)
{
    g_assert_true(IS_KNOWN("\x7f\x00\x0a\xe1\xe2\xe3\xe4\xe5\xe6\xe7")); /* 10 octets in all */
    g_assert_true(IS_KNOWN("\x7f\x0a\x00\xe1\xe2\xe3\xe4\xe5\xe6\xe7"));
    g_assert_true(IS_KNOWN("\x7f\x00\x07\xe1\xe2\xe3\xe4\xe5\xe6\xe7")); /* 7 after it */
    g_assert_true(IS_KNOWN("\x7f\x00\x06\xe1\xe2\xe3\xe4\xe5\xe6\xe7")); /* 6 after four */
    g_assert_true(IS_KNOWN("\x7f\xe1\x00\x06\xe2\xe3\xe4\xe5\xe6\xe7")); /* in the third and fourth */
    g_assert_false(IS_KNOWN("\x7f\x00\x05\xe1\xe2\xe3\xe4\xe5\xe6\xe7"));
    g_assert_false(IS_KNOWN("\x7f\xe1\xe2\x00\x06\xe3\xe4\xe5\xe6\xe7"));
}

static void test_ldap_and_mqtt(void)
{
    g_assert_true(IS_KNOWN("\x30\x09\x02\x01\x01\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8"));
    g_assert_false(IS_KNOWN("\x30\x0c\x02\x01\x01\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8")); /* longer than what is there */
    g_assert_false(IS_KNOWN("\x30\x0a\x03\x01\x01\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8"));
    g_assert_true(IS_KNOWN("\x10\x7f\x00\x04MQTT\x04"));
    g_assert_false(IS_KNOWN("\x10\x7f\x00\x04MQTU\x04"));
}

static void test_probes(void)
{
    g_assert_cmpstr(skypefp_find_probe(sent("GET / HTTP/1.0\r\n\r\n", 18, 0)), ==, "Nmap GetRequest");
    g_assert_cmpstr(skypefp_find_probe(sent("random data\r\n\r\n", 15, 0)), ==, "Nmap skypev2-version");
    g_assert_null(skypefp_find_probe(sent("GET / HTTP/1.0\r\n\r\nabc", 18, 3)));
    g_assert_null(skypefp_find_probe(sent("GET / HTTP/1.0\r\n", 16, 0)));
}

int main(int argc, char **argv)
{
    pool = skypefp_pool(FIRST_OCTETS);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/openings/tls", test_tls);
    g_test_add_func("/openings/tpkt-and-smb", test_tpkt_and_smb);
    g_test_add_func("/openings/socks", test_socks);
    g_test_add_func("/openings/lengths", test_lengths);
    g_test_add_func("/openings/own-length", test_own_length);
    g_test_add_func("/openings/ldap-and-mqtt", test_ldap_and_mqtt);
    g_test_add_func("/openings/probes", test_probes);
    int status = g_test_run();
    skypefp_pool_give(&pool, direction.first);
    skypefp_pool_clear(&pool);
    return status;
}
