/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages: which fields each function has, and which are missing when a message was cut. */
#include "message.h"

#include <glib.h>

static const uint8_t octets[32] = {
    0x2f, 0x10, 0x00, 0x01, 0xa1, 0xa2, 0x02, 0xa4, 0xb1, 0xb2,
    0xb3, 0xb4, 0xc1, 0xc2, 0xc3, 0xc4, 0xd1, 0xd2, 0xd3, 0xd4,
};

/* The same octets under a function, captured up to len. */
static skypefp_message parse(uint8_t function, uint32_t len, uint32_t wire_len)
{
    uint8_t data[sizeof octets];

    for (unsigned i = 0; i < sizeof octets; i++) {
        data[i] = octets[i];
    }
    data[2] = function;
    return skypefp_message_parse(data, len, wire_len);
}

static void test_answers(void)
{
    skypefp_message ack = parse(0x35, 11, 11), nak = parse(0x47, 11, 11);

    g_assert_cmpuint(ack.function, ==, SKYPEFP_FN_ACK);
    g_assert_cmpuint(ack.id, ==, 0x2f10);
    g_assert_true(ack.has_address && nak.has_address);
    g_assert_cmpuint(ack.address, ==, 0x01a1a202);
    g_assert_false(ack.has_challenge);
    g_assert_true(nak.has_challenge);
    g_assert_cmpuint(nak.challenge, ==, 0xa4b1b2b3);
    g_assert_false(parse(0x47, 10, 11).has_challenge);
    g_assert_true(parse(0x47, 7, 11).has_address);
    g_assert_false(parse(0x47, 6, 11).has_address);
    g_assert_cmpuint(parse(0x35, 11, 12).function, ==, SKYPEFP_FN_NONE);
    g_assert_cmpuint(parse(0x35, 10, 10).function, ==, SKYPEFP_FN_NONE);
    g_assert_cmpuint(parse(0xb5, 11, 11).function, ==, SKYPEFP_FN_NONE); /* bit 7 */
}

static void test_payload(void)
{
    skypefp_message payload = parse(0x02, 18, 18);

    g_assert_cmpuint(payload.function, ==, SKYPEFP_FN_PAYLOAD);
    g_assert_true(payload.has_iv && payload.has_crc && !payload.has_address && !payload.has_challenge);
    g_assert_cmpuint(payload.iv, ==, 0x01a1a202);
    g_assert_cmpuint(payload.crc, ==, 0xa4b1b2b3);
    g_assert_true(parse(0x02, 11, 18).has_crc);
    g_assert_false(parse(0x02, 10, 18).has_crc);
    g_assert_cmpuint(parse(0x02, 16, 16).function, ==, SKYPEFP_FN_NONE);
    g_assert_cmpuint(parse(0x02, 17, 17).function, ==, SKYPEFP_FN_PAYLOAD);
    g_assert_cmpuint(parse(0x12, 18, 18).function, ==, SKYPEFP_FN_NONE);
}

static void test_fragment(void)
{
    skypefp_message fragment = parse(0x1f, 20, 20);

    g_assert_cmpuint(fragment.function, ==, SKYPEFP_FN_FRAGMENT);
    g_assert_true(fragment.has_request_id && fragment.fragment_is_last);
    g_assert_cmpuint(fragment.request_id, ==, 0x01a1);
    g_assert_cmpuint(fragment.fragment_index, ==, 0x22); /* a2 without the bit of the last one */
    g_assert_cmpuint(fragment.iv, ==, 0xa4b1b2b3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/answers", test_answers);
    g_test_add_func("/message/payload", test_payload);
    g_test_add_func("/message/fragment", test_fragment);
    return g_test_run();
}
