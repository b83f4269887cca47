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
    return is_same_tuple(a, b);
}

static int compare_ipv6(const skypefp_address *a, const skypefp_address *b)
{
    int by_address = memcmp(a->bytes, b->bytes, SKYPEFP_IPV6_LEN);

    return by_address != 0 ? by_address : (int)a->port - (int)b->port;
}

/* The addresses and ports of IPv6. */
static void fill_words(const skypefp_packet *packet, struct tuple_key *key, bool *from_low)
{
    *from_low = compare_ipv6(&packet->src, &packet->dst) <= 0;
    const skypefp_address *low = *from_low ? &packet->src : &packet->dst;
    const skypefp_address *high = *from_low ? &packet->dst : &packet->src;

    memcpy(&key->words[0], low->bytes, SKYPEFP_IPV6_LEN);
    memcpy(&key->words[2], high->bytes, SKYPEFP_IPV6_LEN);
    key->words[4] = (uint64_t)1 << 32 | (uint32_t)low->port << 16 | high->port;
}

/* The tracker numbers scopes (scopes.h), so both fit above the bit of IPv6. */
static void add_scopes(struct tuple_key *key, uint32_t low, uint32_t high)
{
    key->words[4] |= (uint64_t)(low & MAX_SCOPE) << 33 | (uint64_t)(high & MAX_SCOPE) << 48;
}

void skypefp_tuple_key_apart(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                             bool *from_low)
{
    uint64_t sum = 0;

    if (packet->src.len == SKYPEFP_IPV4_LEN) {
        plain_tuple_key(hash_key, packet, key, from_low);
    } else {
        fill_words(packet, key, from_low);
    }
    add_scopes(key, *from_low ? packet->src.scope : packet->dst.scope,
               *from_low ? packet->dst.scope : packet->src.scope);
    for (size_t i = 0; i < TUPLE_WORDS; i++) {
        sum += hash_tuple_word(hash_key, key, i);
    }
    key->hash = (uint32_t)(sum >> 32);
}
