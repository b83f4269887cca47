/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: which are routable or private, at both ends of each block, and their order. */
#include "address.h"

/* The ends of a block, and the addresses around it. */
static const struct {
    uint32_t first, last;
    bool routable_before, routable_after;
} blocks[] = {
    { 0x00000000, 0x00ffffff, false, true }, /* 0.0.0.0/8; before it 255.255.255.255 */
    { 0x0a000000, 0x0affffff, true, true },  /* 10.0.0.0/8 */
    { 0x64400000, 0x647fffff, true, true },  /* 100.64.0.0/10 */
    { 0x7f000000, 0x7fffffff, true, true },  /* 127.0.0.0/8 */
    { 0xa9fe0000, 0xa9feffff, true, true },  /* 169.254.0.0/16 */
    { 0xac100000, 0xac1fffff, true, true },  /* 172.16.0.0/12 */
    { 0xc0000000, 0xc00000ff, true, true },  /* 192.0.0.0/24 */
    { 0xc0000200, 0xc00002ff, true, true },  /* 192.0.2.0/24 */
    { 0xc0a80000, 0xc0a8ffff, true, true },  /* 192.168.0.0/16 */
    { 0xc6120000, 0xc613ffff, true, true },  /* 198.18.0.0/15 */
    { 0xc6336400, 0xc63364ff, true, true },  /* 198.51.100.0/24 */
    { 0xcb007100, 0xcb0071ff, true, true },  /* 203.0.113.0/24 */
    { 0xe0000000, 0xffffffff, true, false }, /* 224.0.0.0/3; after it 0.0.0.0 */
};

static void test_routable(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        g_test_message("%08x", blocks[i].first);
        g_assert_true(skypefp_ipv4_is_global(blocks[i].first - 1) == blocks[i].routable_before);
        g_assert_false(skypefp_ipv4_is_global(blocks[i].first));
        g_assert_false(skypefp_ipv4_is_global(blocks[i].last));
        g_assert_true(skypefp_ipv4_is_global(blocks[i].last + 1) == blocks[i].routable_after);
    }
}

static bool is_private(uint8_t first, uint8_t second, uint8_t len)
{
    uint8_t bytes[SKYPEFP_IPV6_LEN] = { first, second, 0, 1 };
    skypefp_address address = { bytes, len, 0, 0 };

    return skypefp_address_is_private(&address);
}

static void test_private(void)
{
    g_assert_true(is_private(10, 0, SKYPEFP_IPV4_LEN));
    g_assert_false(is_private(11, 0, SKYPEFP_IPV4_LEN));
    g_assert_false(is_private(0xfb, 0xff, SKYPEFP_IPV6_LEN));
    g_assert_true(is_private(0xfc, 0, SKYPEFP_IPV6_LEN)); /* fc00::/7 */
    g_assert_true(is_private(0xfd, 0xff, SKYPEFP_IPV6_LEN));
    g_assert_false(is_private(0xfe, 0x7f, SKYPEFP_IPV6_LEN));
    g_assert_true(is_private(0xfe, 0x80, SKYPEFP_IPV6_LEN)); /* fe80::/10 */
    g_assert_true(is_private(0xfe, 0xbf, SKYPEFP_IPV6_LEN));
    g_assert_false(is_private(0xfe, 0xc0, SKYPEFP_IPV6_LEN));
}

static struct endpoint_key make_key(uint8_t last, uint8_t len, uint16_t port, uint32_t scope)
{
    struct hash_key hash_key = skypefp_hash_key(1);
    uint8_t bytes[SKYPEFP_IPV6_LEN] = { 0, 0, 0, last };
    skypefp_address address = { bytes, len, port, scope };

    return skypefp_key(&hash_key, &address);
}

/* Each is before the next one. */
static void test_order(void)
{
    const struct endpoint_key keys[] = {
        make_key(1, SKYPEFP_IPV4_LEN, 9, 0), make_key(1, SKYPEFP_IPV4_LEN, 9, 1), make_key(1, SKYPEFP_IPV4_LEN, 10, 0),
        make_key(2, SKYPEFP_IPV4_LEN, 9, 0), make_key(0, SKYPEFP_IPV6_LEN, 9, 0),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(keys); j++) {
            int order = skypefp_key_compare(&keys[i], &keys[j]);
            g_assert_true((i < j) == (order < 0) && (i == j) == (order == 0));
            g_assert_true(skypefp_key_equal(&keys[i], &keys[j]) == (i == j));
        }
    }
    g_assert_true(skypefp_key_same_host(&keys[0], &keys[2]));
    g_assert_false(skypefp_key_same_host(&keys[0], &keys[1]));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address/routable", test_routable);
    g_test_add_func("/address/private", test_private);
    g_test_add_func("/address/order", test_order);
    return g_test_run();
}
