/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and ports of a TCP conversation, without direction, as a table key. */
#include "tuple_key.h"

#include "scopes.h"

guint skypefp_tuple_key_hash(gconstpointer key)
{
    return ((const struct tuple_key *)key)->hash;
}

gboolean skypefp_tuple_key_equal(gconstpointer a, gconstpointer b)
{
    const uint64_t *left = ((const struct tuple_key *)a)->words, *right = ((const struct tuple_key *)b)->words;

    return left[0] == right[0] && left[1] == right[1] && left[2] == right[2] && left[3] == right[3] &&
           left[4] == right[4];
}

/* The hash of one word, before the sum's upper half is taken. */
static inline uint64_t hash_word(const struct hash_key *hash_key, const struct tuple_key *key, size_t i)
{
    return hash_key->multiplier[2 * i] * (uint32_t)key->words[i] +
           hash_key->multiplier[2 * i + 1] * (key->words[i] >> 32);
}

static uint64_t ipv4_word(const skypefp_address *address)
{
    return (uint64_t)read_be32(address->bytes) << 16 | address->port;
}

static int compare_ipv6(const skypefp_address *a, const skypefp_address *b)
{
    int by_address = memcmp(a->bytes, b->bytes, SKYPEFP_IPV6_LEN);

    return by_address != 0 ? by_address : (int)a->port - (int)b->port;
}

/* The tracker numbers scopes (scopes.h), so both fit above the bit of IPv6. */
static void add_scopes(struct tuple_key *key, const skypefp_address *low, const skypefp_address *high)
{
    key->words[4] |= (uint64_t)(low->scope & MAX_SCOPE) << 33 | (uint64_t)(high->scope & MAX_SCOPE) << 48;
}

static void make_ipv6_key(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                          bool *from_low)
{
    *from_low = compare_ipv6(&packet->src, &packet->dst) <= 0;
    const skypefp_address *low = *from_low ? &packet->src : &packet->dst;
    const skypefp_address *high = *from_low ? &packet->dst : &packet->src;
    uint64_t sum = 0;

    memcpy(&key->words[0], low->bytes, SKYPEFP_IPV6_LEN);
    memcpy(&key->words[2], high->bytes, SKYPEFP_IPV6_LEN);
    key->words[4] = (uint64_t)1 << 32 | (uint32_t)low->port << 16 | high->port;
    add_scopes(key, low, high);
    for (size_t i = 0; i < TUPLE_WORDS; i++) {
        sum += hash_word(hash_key, key, i);
    }
    key->hash = (uint32_t)(sum >> 32);
}

void skypefp_tuple_key(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                       bool *from_low)
{
    if (packet->src.len != SKYPEFP_IPV4_LEN) {
        make_ipv6_key(hash_key, packet, key, from_low);
        return;
    }
    uint64_t src = ipv4_word(&packet->src), dst = ipv4_word(&packet->dst);

    *from_low = src <= dst;
    key->words[0] = MIN(src, dst);
    key->words[1] = MAX(src, dst);
    key->words[2] = key->words[3] = key->words[4] = 0;
    uint64_t sum = hash_word(hash_key, key, 0) + hash_word(hash_key, key, 1);

    if (G_UNLIKELY((packet->src.scope | packet->dst.scope) != 0)) {
        add_scopes(key, *from_low ? &packet->src : &packet->dst, *from_low ? &packet->dst : &packet->src);
        sum += hash_key->multiplier[HASH_WORDS - 1] * (key->words[4] >> 33);
    }
    key->hash = (uint32_t)(sum >> 32);
}
