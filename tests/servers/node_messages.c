/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the test node's messages from a seeded generator. */
#include "node_messages.h"

#include <stdbool.h>
#include <string.h>

enum { PART_LEN = 10, FIRST_PART = 4, SECOND_PART = FIRST_PART + PART_LEN, OPAQUE_HEAD_LEN = 48 };

const uint8_t node_fake_hello_constant[NODE_FAKE_HELLO_CONSTANT_LEN] = {
    0x80, 0x46, 0x01, 0x03, 0x01, 0x00, 0x2d, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x05, 0x00, 0x00, 0x04, 0x00, 0x00,
    0x0a, 0x00, 0x00, 0x09, 0x00, 0x00, 0x64, 0x00, 0x00, 0x62, 0x00, 0x00, 0x08, 0x00, 0x00, 0x03, 0x00, 0x00, 0x06,
    0x01, 0x00, 0x80, 0x07, 0x00, 0xc0, 0x03, 0x00, 0x80, 0x06, 0x00, 0x40, 0x02, 0x00, 0x80, 0x04, 0x00, 0x80,
};

static const uint8_t fake_server_hello[] = {
    0x16, 0x03, 0x01, 0x00, 0x4a, 0x02, 0x00, 0x00, 0x46, 0x03, 0x01, 0x40, 0x1b, 0xe4, 0x86, 0x02,
    0xad, 0xe0, 0x29, 0xe1, 0x77, 0x74, 0xe5, 0x44, 0xb9, 0xc9, 0x9c, 0xb4, 0x31, 0x31, 0x5e, 0x02,
    0xdd, 0x77, 0x9d, 0x15, 0x4a, 0x96, 0x09, 0xba, 0x5d, 0xa8, 0x70, 0x20, 0x1c, 0xa0, 0xe4, 0xf6,
    0x4c, 0x63, 0x51, 0xae, 0x2f, 0x8e, 0x4e, 0xe1, 0xe6, 0x76, 0x6a, 0x0a, 0x88, 0xd5, 0xd8, 0xc5,
    0x5c, 0xae, 0x98, 0xc5, 0xe4, 0x81, 0xf2, 0x2a, 0x69, 0xbf, 0x90, 0x58, 0x00, 0x05, 0x00,
};

static uint8_t draw_byte(struct node_numbers *numbers)
{
    return (uint8_t)g_rand_int(numbers->random);
}

static void fill_random(struct node_numbers *numbers, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = draw_byte(numbers);
    }
}

static void put32(uint8_t out[4], uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

void node_numbers_init(struct node_numbers *numbers, uint32_t seed)
{
    numbers->random = g_rand_new_with_seed(seed);
    numbers->iv = g_rand_int(numbers->random);
    numbers->id = (uint16_t)g_rand_int(numbers->random);
}

void node_numbers_clear(struct node_numbers *numbers)
{
    g_rand_free(numbers->random);
    numbers->random = NULL;
}

uint16_t node_next_id(struct node_numbers *numbers)
{
    numbers->id += 2;
    return numbers->id;
}

/* Mostly one step on; every eighth time a few more, because a client draws numbers for other uses too. */
static uint32_t next_iv(struct node_numbers *numbers)
{
    uint32_t drawn = g_rand_int(numbers->random);
    uint32_t steps = drawn % 8 == 0 ? 2 + drawn / 8 % 14 : 1;

    while (steps-- > 0) {
        numbers->iv = numbers->iv * UINT32_C(0x10dcd) + UINT32_C(0x4271);
    }
    return numbers->iv;
}

size_t node_build_payload(struct node_numbers *numbers, uint16_t id, uint32_t crc, size_t ciphertext_len, uint8_t *out)
{
    out[0] = (uint8_t)(id >> 8);
    out[1] = (uint8_t)id;
    out[2] = NODE_PAYLOAD;
    put32(out + 3, next_iv(numbers));
    put32(out + 7, crc);
    fill_random(numbers, out + 11, ciphertext_len);
    return 11 + ciphertext_len;
}

/* Bits 4..6 beside the function are random, bit 7 is 0. */
static uint8_t draw_function(struct node_numbers *numbers, enum node_function function)
{
    return (uint8_t)((draw_byte(numbers) & 0x70) | function);
}

size_t node_build_reply(struct node_numbers *numbers, enum node_function function, const uint8_t request[2],
                        const uint8_t asker[4], uint8_t *out)
{
    memcpy(out, request, 2);
    out[2] = draw_function(numbers, function);
    memcpy(out + 3, asker, 4);
    fill_random(numbers, out + 7, 4);
    return NODE_REPLY_LEN;
}

size_t node_build_resend(struct node_numbers *numbers, const uint8_t *request, size_t request_len,
                         const uint8_t nak[NODE_REPLY_LEN], const uint8_t destination[4], uint8_t *out)
{
    memcpy(out, request, 2);
    out[2] = draw_function(numbers, NODE_RESEND);
    out[3] = 1;
    memcpy(out + 4, nak + 7, 4);
    memcpy(out + 8, destination, 4);
    memcpy(out + 12, request + 7, 4);
    fill_random(numbers, out + 16, request_len - 11);
    return request_len + NODE_RESEND_MORE;
}

size_t node_build_data(struct node_numbers *numbers, size_t len, uint8_t *out)
{
    fill_random(numbers, out, len);
    out[2] = draw_function(numbers, NODE_DATA);
    return len;
}

static bool is_printable(uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || (byte >= '\t' && byte <= '\r');
}

/* At least three unprintable bytes, as random bytes of this length nearly always have: a test must not fail by
 * chance. */
static void fill_unprintable(struct node_numbers *numbers, uint8_t *out, size_t len)
{
    size_t unprintable;

    do {
        fill_random(numbers, out, len);
        unprintable = 0;
        for (size_t i = 0; i < len; i++) {
            unprintable += !is_printable(out[i]);
        }
    } while (unprintable < 3);
}

/* The padding's recurrence: the low byte of the generator. */
static void fill_run(uint8_t *out, size_t len, uint8_t first)
{
    for (size_t i = 0; i < len; i++, first = (uint8_t)(0xcd * first + 0x71)) {
        out[i] = first;
    }
}

size_t node_build_bare_first(struct node_numbers *numbers, uint8_t *out)
{
    put32(out, next_iv(numbers));
    fill_unprintable(numbers, out + FIRST_PART, PART_LEN);
    return NODE_BARE_FIRST_LEN;
}

/* Bytes 14.. are plain ^ keystream, and the keystream is bytes 4.. ^ the first part's known plaintext (Z = 03 here). */
static void reuse_keystream(const uint8_t *first_part, const uint8_t *plain, size_t len, uint8_t *second_part)
{
    static const uint8_t known[PART_LEN] = { 0, 1, 0, 0, 0, 1, 0, 0, 0, 3 };

    for (size_t i = 0; i < len; i++) {
        second_part[i] = plain[i] ^ first_part[i] ^ known[i];
    }
}

size_t node_build_bare_second(struct node_numbers *numbers, const uint8_t first[NODE_BARE_FIRST_LEN], uint8_t *out)
{
    uint16_t id = node_next_id(numbers);
    const uint8_t plain[NODE_BARE_SECOND_LEN] = { 0x07, 0x01, (uint8_t)(id >> 8), (uint8_t)id };

    reuse_keystream(first + FIRST_PART, plain, sizeof plain, out);
    return NODE_BARE_SECOND_LEN;
}

size_t node_build_seed_reuse(struct node_numbers *numbers, size_t len, uint8_t *out)
{
    uint8_t plain[PART_LEN];

    node_build_bare_first(numbers, out);
    fill_random(numbers, plain, 2);
    fill_run(plain + 2, PART_LEN - 2, draw_byte(numbers));
    reuse_keystream(out + FIRST_PART, plain, PART_LEN, out + SECOND_PART);
    fill_random(numbers, out + SECOND_PART + PART_LEN, len - SECOND_PART - PART_LEN);
    return len;
}

size_t node_build_padding_run(struct node_numbers *numbers, size_t len, uint8_t *out)
{
    fill_unprintable(numbers, out, NODE_BARE_FIRST_LEN);
    fill_random(numbers, out + NODE_BARE_FIRST_LEN, OPAQUE_HEAD_LEN - NODE_BARE_FIRST_LEN);
    fill_run(out + OPAQUE_HEAD_LEN, len - OPAQUE_HEAD_LEN, draw_byte(numbers));
    return len;
}

size_t node_build_fake_client_hello(struct node_numbers *numbers, uint8_t *out)
{
    memcpy(out, node_fake_hello_constant, NODE_FAKE_HELLO_CONSTANT_LEN);
    fill_run(out + NODE_FAKE_HELLO_CONSTANT_LEN, NODE_FAKE_HELLO_LEN - NODE_FAKE_HELLO_CONSTANT_LEN,
             draw_byte(numbers));
    return NODE_FAKE_HELLO_LEN;
}

size_t node_build_fake_server_hello(uint8_t *out)
{
    memcpy(out, fake_server_hello, sizeof fake_server_hello);
    return sizeof fake_server_hello;
}

size_t node_build_opaque(struct node_numbers *numbers, size_t len, uint8_t *out)
{
    fill_random(numbers, out, len);
    return len;
}
