/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and ports of a TCP conversation, without direction, as a table key. */
#ifndef SKYPEFP_TUPLE_KEY_H
#define SKYPEFP_TUPLE_KEY_H

#include "address.h"

enum { TUPLE_WORDS = 5 };

/* The lower end first. Words instead of two endpoint keys: each segment is hashed and compared by them. IPv4:
 * address and port of one end, then of the other. IPv6: the addresses in two words each, then both ports below a bit
 * that an IPv4 key never has. The scopes of both ends are above. */
struct tuple_key {
    uint64_t words[TUPLE_WORDS];
    uint32_t hash;
};

static inline bool is_same_tuple(const struct tuple_key *a, const struct tuple_key *b)
{
    return a->words[0] == b->words[0] && a->words[1] == b->words[1] && a->words[2] == b->words[2] &&
           a->words[3] == b->words[3] && a->words[4] == b->words[4];
}

/* The hash of one word, before the sum's upper half is taken. */
static inline uint64_t hash_tuple_word(const struct hash_key *hash_key, const struct tuple_key *key, size_t i)
{
    return hash_key->multiplier[2 * i] * (uint32_t)key->words[i] +
           hash_key->multiplier[2 * i + 1] * (key->words[i] >> 32);
}

static inline uint64_t ipv4_end(const skypefp_address *address)
{
    return (uint64_t)read_be32(address->bytes) << 16 | address->port;
}

/* The rarer cases of the function below. */
void skypefp_tuple_key_ipv6(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                            bool *from_low);
void skypefp_tuple_key_add_scopes(struct tuple_key *key, const skypefp_address *low, const skypefp_address *high);

/* The key of a packet, which must have has_ip_addresses(); *from_low: whether its sender is the lower end. */
static inline void skypefp_tuple_key(const struct hash_key *hash_key, const skypefp_packet *packet,
                                     struct tuple_key *key, bool *from_low)
{
    if (packet->src.len != SKYPEFP_IPV4_LEN) {
        skypefp_tuple_key_ipv6(hash_key, packet, key, from_low);
        return;
    }
    uint64_t src = ipv4_end(&packet->src), dst = ipv4_end(&packet->dst);

    *from_low = src <= dst;
    key->words[0] = MIN(src, dst);
    key->words[1] = MAX(src, dst);
    key->words[2] = key->words[3] = key->words[4] = 0;
    uint64_t sum = hash_tuple_word(hash_key, key, 0) + hash_tuple_word(hash_key, key, 1);

    if (G_UNLIKELY((packet->src.scope | packet->dst.scope) != 0)) {
        skypefp_tuple_key_add_scopes(key, *from_low ? &packet->src : &packet->dst,
                                     *from_low ? &packet->dst : &packet->src);
        sum += hash_key->multiplier[HASH_WORDS - 1] * (key->words[4] >> 33);
    }
    key->hash = (uint32_t)(sum >> 32);
}

guint skypefp_tuple_key_hash(gconstpointer key);
gboolean skypefp_tuple_key_equal(gconstpointer a, gconstpointer b);

#endif
