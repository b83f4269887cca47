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

/* The key of a packet, which must have has_ip_addresses(); *from_low: whether its sender is the lower end. */
void skypefp_tuple_key(const struct hash_key *hash_key, const skypefp_packet *packet, struct tuple_key *key,
                       bool *from_low);
guint skypefp_tuple_key_hash(gconstpointer key);
gboolean skypefp_tuple_key_equal(gconstpointer a, gconstpointer b);

#endif
