/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as table keys, octets as integers, and which IPv4 addresses are globally routable. */
#ifndef SKYPEFP_ADDRESS_H
#define SKYPEFP_ADDRESS_H

#include "skypefp.h"

#include <glib.h>
#include <string.h>

/* Octets become integers here and nowhere else. */
static inline uint16_t read_be16(const uint8_t p[2])
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t read_be32(const uint8_t p[4])
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* An owned address and port with its hash, so that tables need no seed of their own. */
struct endpoint_key {
    uint8_t bytes[SKYPEFP_IPV6_LEN]; /* zero after len */
    uint32_t hash;
    uint32_t scope;
    uint16_t port;
    uint8_t len;
};

static inline bool is_ip_address(const skypefp_address *address)
{
    return address->len == SKYPEFP_IPV4_LEN || address->len == SKYPEFP_IPV6_LEN;
}

/* Whether a packet's addresses are of one kind and of a kind that is looked at. */
static inline bool has_ip_addresses(const skypefp_packet *packet)
{
    if (G_LIKELY(packet->src.len == SKYPEFP_IPV4_LEN)) {
        return packet->dst.len == SKYPEFP_IPV4_LEN;
    }
    return packet->src.len == SKYPEFP_IPV6_LEN && packet->dst.len == SKYPEFP_IPV6_LEN;
}

/* Multipliers of a multiply-shift hash, drawn from a seed: without the seed nobody can aim a capture at one bucket
 * of a table. */
enum { HASH_WORDS = 12 }; /* two addresses of up to four words of 32 bits, the ports, and the scopes */
struct hash_key {
    uint64_t multiplier[HASH_WORDS];
};
struct hash_key skypefp_hash_key(uint64_t seed);

/* Hash of an address of 4 or 16 octets and its port, whatever its scope. */
static inline uint32_t hash_plain_address(const struct hash_key *hash_key, const skypefp_address *address)
{
    if (address->len == SKYPEFP_IPV4_LEN) { /* nearly always */
        return (uint32_t)(hash_key->multiplier[0] * ((uint64_t)read_be32(address->bytes) << 16 | address->port) >> 32);
    }
    uint64_t sum = hash_key->multiplier[0] * (address->port + 1u);

    for (unsigned i = 0; i < address->len / 4u; i++) {
        sum += hash_key->multiplier[i + 1] * read_be32(address->bytes + (size_t)4 * i);
    }
    return (uint32_t)(sum >> 32);
}

/* Hash of an address of 4 or 16 octets, its port and its scope. */
static inline uint32_t hash_address(const struct hash_key *hash_key, const skypefp_address *address)
{
    return hash_plain_address(hash_key, address) +
           (uint32_t)(hash_key->multiplier[HASH_WORDS - 1] * address->scope >> 32);
}

/* Writes an address of 4 or 16 octets and its port into a key of zeros; the hash is not set. */
static inline void skypefp_fill_key(struct endpoint_key *zeros, const skypefp_address *address)
{
    zeros->port = address->port;
    zeros->len = address->len;
    zeros->scope = address->scope;
    if (address->len == SKYPEFP_IPV4_LEN) { /* sizes that the compiler knows: no call */
        memcpy(zeros->bytes, address->bytes, SKYPEFP_IPV4_LEN);
    } else if (address->len == SKYPEFP_IPV6_LEN) {
        memcpy(zeros->bytes, address->bytes, SKYPEFP_IPV6_LEN);
    }
}

/* The key of an address of 4 or 16 octets. */
static inline struct endpoint_key skypefp_key(const struct hash_key *hash_key, const skypefp_address *address)
{
    struct endpoint_key key = { .hash = hash_address(hash_key, address) };

    skypefp_fill_key(&key, address);
    return key;
}

/* The address in a key, borrowed from it. */
static inline skypefp_address key_address(const struct endpoint_key *key)
{
    return (skypefp_address){ key->bytes, key->len, key->port, key->scope };
}

guint skypefp_key_hash(gconstpointer key);
gboolean skypefp_key_equal(gconstpointer a, gconstpointer b);

/* IPv4 before IPv6, then by address, then by port: the order of tables and reports. */
int skypefp_key_compare(const struct endpoint_key *a, const struct endpoint_key *b);

/* Same address in the same scope, ports aside. */
bool skypefp_key_same_host(const struct endpoint_key *a, const struct endpoint_key *b);

/* Whether hosts of different networks may have this address: a private, shared, loopback or link-local one (RFC
 * 6890, RFC 4193). */
bool skypefp_address_is_private(const skypefp_address *address);

/* Whether a host with this address can be reached from everywhere: not private, shared, loopback, link-local,
 * documentation, benchmark, multicast or reserved (RFC 6890, RFC 5771). Host order. */
bool skypefp_ipv4_is_global(uint32_t address);

#endif
