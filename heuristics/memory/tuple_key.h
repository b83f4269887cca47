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

/* Whether a packet has what nearly all have: IPv4 addresses, in no scope. Then the last three words are 0, and those of
 * other packets are not: an IPv6 key has a bit in the last one, and so has each scope. */
static inline bool is_plain_tuple(const skypefp_packet *packet)
{
    return packet->src.len == SKYPEFP_IPV4_LEN && (packet->src.scope | packet->dst.scope) == 0;
}

/* The key of a packet over IPv4, but for its scopes; *from_low: whether its sender is the lower end. */
static inline void plain_tuple_key(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                                   bool *from_low)
{
    uint64_t src = ipv4_end(&packet->src), dst = ipv4_end(&packet->dst);

    *from_low = src <= dst;
    key->words[0] = MIN(src, dst);
    key->words[1] = MAX(src, dst);
    key->words[2] = key->words[3] = key->words[4] = 0;
    key->hash = (uint32_t)((hash_tuple_word(hash_key, key, 0) + hash_tuple_word(hash_key, key, 1)) >> 32);
}

void skypefp_tuple_key_apart(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                             bool *from_low);

/* The same of any packet, which must have has_ip_addresses(). */
static inline void skypefp_tuple_key(const struct hash_key *hash_key, const skypefp_packet *packet,
                                     struct tuple_key *key, bool *from_low)
{
    if (G_LIKELY(is_plain_tuple(packet))) {
        plain_tuple_key(hash_key, packet, key, from_low);
    } else {
        skypefp_tuple_key_apart(hash_key, packet, key, from_low);
    }
}

guint skypefp_tuple_key_hash(gconstpointer key);
gboolean skypefp_tuple_key_equal(gconstpointer a, gconstpointer b);

#endif
