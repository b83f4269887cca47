/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoints of a capture: a bounded table, least recently used first. */
#include "endpoints.h"

#include "times.h"

void skypefp_endpoints_init(struct endpoint_table *table, uint32_t limit, uint64_t seed)
{
    table->by_key = g_hash_table_new(skypefp_key_hash, skypefp_key_equal);
    g_queue_init(&table->lru);
    table->hash_key = skypefp_hash_key(seed);
    table->limit = MAX(limit, 1);
    table->associates = true;
    table->asks_hosts = true;
    table->next_serial = 0;
    table->dropped = 0;
}

static void move_to_end(struct endpoint_table *table, skypefp_endpoint *endpoint)
{
    g_queue_unlink(&table->lru, &endpoint->lru);
    g_queue_push_tail_link(&table->lru, &endpoint->lru);
}

static inline void leave_table(struct endpoint_table *table, skypefp_endpoint *endpoint)
{
    g_queue_unlink(&table->lru, &endpoint->lru);
    g_hash_table_remove(table->by_key, &endpoint->key);
    skypefp_endpoint_leave(endpoint);
}

/* Takes the least recently used endpoint out of the table. What signatures remember of it goes at once; its evidence
 * stays while a finding refers to it. Proven endpoints get further chances, so that a flood of others does not wash
 * them out; a bounded number, so that a flood of proven ones costs no more. Never the newest: a packet's sender,
 * while its receiver is looked up. */
static void drop_oldest(struct endpoint_table *table)
{
    skypefp_endpoint *oldest = g_queue_peek_head(&table->lru);

    for (unsigned i = 0; i < MAX_CHANCES && oldest->proof_frame != 0 && table->lru.length > MAX_CHANCES + 1; i++) {
        move_to_end(table, oldest);
        oldest = g_queue_peek_head(&table->lru);
    }
    leave_table(table, oldest);
}

void skypefp_endpoints_clear(struct endpoint_table *table)
{
    while (!g_queue_is_empty(&table->lru)) {
        drop_oldest(table);
    }
    g_hash_table_destroy(table->by_key);
}

skypefp_endpoint *skypefp_endpoints_lookup(const struct endpoint_table *table, const struct endpoint_key *key)
{
    return g_hash_table_lookup(table->by_key, key);
}

static skypefp_endpoint *make_endpoint(struct endpoint_table *table, const struct endpoint_key *key)
{
    skypefp_endpoint *endpoint = g_new0(skypefp_endpoint, 1);

    endpoint->key = *key;
    endpoint->serial = table->next_serial++;
    endpoint->refs = 1;
    endpoint->lru.data = endpoint;
    return endpoint;
}

skypefp_endpoint *skypefp_endpoint_of_initiator(struct endpoint_table *table, const skypefp_address *address)
{
    struct endpoint_key key = skypefp_key(&table->hash_key, address);
    skypefp_endpoint *endpoint = make_endpoint(table, &key);

    endpoint->is_initiator = true;
    return endpoint;
}

/* An endpoint without evidence ends a day after the last packet that asked for it. A clock that runs backwards ends
 * nothing. */
static bool has_ended(const skypefp_endpoint *endpoint, int64_t time_us)
{
    int64_t last_us = endpoint->has_times ? endpoint->last_us : endpoint->used_us;

    return elapsed_us(last_us, time_us) > skypefp_tenancy_us(endpoint->is_listening || !endpoint->has_times);
}

/* Not inline, unlike when the oldest leaves: a tenancy seldom ends. */
G_GNUC_NO_INLINE static void end_tenancy(struct endpoint_table *table, skypefp_endpoint *endpoint)
{
    leave_table(table, endpoint);
}

skypefp_endpoint *skypefp_endpoints_touch(struct endpoint_table *table, const skypefp_address *address, int64_t time_us)
{
    struct endpoint_key key = skypefp_key(&table->hash_key, address);
    skypefp_endpoint *endpoint = skypefp_endpoints_lookup(table, &key);

    if (endpoint != NULL && !has_ended(endpoint, time_us)) {
        endpoint->used_us = time_us;
        move_to_end(table, endpoint);
        return endpoint;
    }
    if (endpoint != NULL) {
        end_tenancy(table, endpoint);
    }
    /* Two at least, so that the sender survives the lookup of its receiver. */
    if (g_queue_get_length(&table->lru) >= MAX(table->limit, 2)) {
        drop_oldest(table);
        table->dropped++;
    }
    endpoint = make_endpoint(table, &key);
    endpoint->used_us = time_us;
    g_hash_table_insert(table->by_key, &endpoint->key, endpoint);
    g_queue_push_tail_link(&table->lru, &endpoint->lru);
    return endpoint;
}
