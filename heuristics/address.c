/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as table keys, and which IPv4 addresses are globally routable. */
#include "address.h"

struct hash_key skypefp_hash_key(uint64_t seed)
{
    struct hash_key key;

    /* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) spreads one seed over several multipliers, odd ones. */
    for (unsigned i = 0; i < HASH_WORDS; i++) {
        uint64_t z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        key.multiplier[i] = (z ^ (z >> 31)) | 1;
    }
    return key;
}

guint skypefp_key_hash(gconstpointer key)
{
    return ((const struct endpoint_key *)key)->hash;
}

bool skypefp_key_same_host(const struct endpoint_key *a, const struct endpoint_key *b)
{
    return a->len == b->len && a->scope == b->scope && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

gboolean skypefp_key_equal(gconstpointer a, gconstpointer b)
{
    const struct endpoint_key *left = a, *right = b;

    return left->port == right->port && skypefp_key_same_host(left, right);
}

int skypefp_key_compare(const struct endpoint_key *a, const struct endpoint_key *b)
{
    if (a->len != b->len) {
        return (int)a->len - (int)b->len;
    }
    int by_address = memcmp(a->bytes, b->bytes, sizeof a->bytes);

    if (by_address != 0 || a->port != b->port) {
        return by_address != 0 ? by_address : (int)a->port - (int)b->port;
    }
    return a->scope < b->scope ? -1 : a->scope > b->scope;
}

bool skypefp_address_is_private(const skypefp_address *address)
{
    if (address->len == SKYPEFP_IPV4_LEN) {
        return !skypefp_ipv4_is_global(read_be32(address->bytes));
    }
    return (address->bytes[0] & 0xfe) == 0xfc || (address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80);
}

bool skypefp_ipv4_is_global(uint32_t address)
{
    static const struct {
        uint32_t prefix;
        unsigned bits;
    } special[] = {
        { 0x00000000, 8 },  /* 0.0.0.0/8        this network */
        { 0x0a000000, 8 },  /* 10.0.0.0/8       private */
        { 0x64400000, 10 }, /* 100.64.0.0/10    shared (carrier NAT) */
        { 0x7f000000, 8 },  /* 127.0.0.0/8      loopback */
        { 0xa9fe0000, 16 }, /* 169.254.0.0/16   link-local */
        { 0xac100000, 12 }, /* 172.16.0.0/12    private */
        { 0xc0000000, 24 }, /* 192.0.0.0/24     protocol assignments */
        { 0xc0000200, 24 }, /* 192.0.2.0/24     documentation */
        { 0xc0a80000, 16 }, /* 192.168.0.0/16   private */
        { 0xc6120000, 15 }, /* 198.18.0.0/15    benchmarks */
        { 0xc6336400, 24 }, /* 198.51.100.0/24  documentation */
        { 0xcb007100, 24 }, /* 203.0.113.0/24   documentation */
        { 0xe0000000, 3 },  /* 224.0.0.0/3      multicast and reserved */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(special); i++) {
        if (((address ^ special[i].prefix) >> (32 - special[i].bits)) == 0) {
            return false;
        }
    }
    return true;
}
