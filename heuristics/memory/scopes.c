/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which private addresses are one host's: numbers the places in a network where an address was seen. */
#include "scopes.h"

enum { TAG_MASK = 0xffff, DEPTH_SHIFT = 16 };

void skypefp_scopes_init(struct scope_table *table, uint64_t seed)
{
    table->by_host = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, g_free, NULL);
    table->numbers = g_hash_table_new(NULL, NULL);
    table->hash_key = skypefp_hash_key(seed);
}

void skypefp_scopes_clear(struct scope_table *table)
{
    g_hash_table_destroy(table->by_host);
    g_hash_table_destroy(table->numbers);
}

/* The number of a place, from 1; 0 when there are too many. */
static uint32_t number_of(const struct scope_table *table, uint32_t place)
{
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(table->numbers, GUINT_TO_POINTER(place)));

    if (number == 0 && g_hash_table_size(table->numbers) < MAX_SCOPE) {
        number = g_hash_table_size(table->numbers) + 1;
        g_hash_table_insert(table->numbers, GUINT_TO_POINTER(place), GUINT_TO_POINTER(number));
    }
    return number;
}

/* Whether a tag is the first one that was seen with a host at this depth of tunnels. */
static bool is_first_tag(const struct scope_table *table, const skypefp_address *address, uint32_t depth, uint32_t tag)
{
    skypefp_address host = { address->bytes, address->len, 0, depth };
    struct endpoint_key key = skypefp_key(&table->hash_key, &host);
    void *first = g_hash_table_lookup(table->by_host, &key);

    if (first == NULL && g_hash_table_size(table->by_host) < MAX_TAGGED) {
        first = GUINT_TO_POINTER(tag);
        g_hash_table_insert(table->by_host, g_memdup2(&key, sizeof key), first);
    }
    return first == NULL || GPOINTER_TO_UINT(first) == tag;
}

static void resolve(const struct scope_table *table, skypefp_address *address, uint32_t scope)
{
    uint32_t tag = scope & TAG_MASK, depth = scope >> DEPTH_SHIFT;

    if (!skypefp_address_is_private(address)) {
        return;
    }
    if (tag != 0 && is_first_tag(table, address, depth, tag)) {
        tag = 0;
    }
    if (tag != 0 || depth != 0) {
        address->scope = number_of(table, depth << DEPTH_SHIFT | tag);
    }
}

void skypefp_scopes_resolve(const struct scope_table *table, skypefp_packet *packet)
{
    resolve(table, &packet->src, packet->scope);
    resolve(table, &packet->dst, packet->scope);
}
