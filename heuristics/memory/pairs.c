/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pairs of endpoints that exchange datagrams: a bounded table, and how many datagrams there were. */
#include "pairs.h"

void skypefp_pairs_init(struct pair_table *table, uint32_t limit, uint64_t seed)
{
    *table = (struct pair_table){
        .by_key = g_hash_table_new(skypefp_tuple_key_hash, skypefp_tuple_key_equal),
        .n_ends = g_new0(uint8_t, PAIR_ENDS),
        .end_key = skypefp_hash_key(0),
        .hash_key = skypefp_hash_key(seed),
        .limit = MAX(limit, 1),
    };
}

struct pair *skypefp_pair_ref(struct pair *pair)
{
    pair->refs++;
    return pair;
}

bool skypefp_pair_add_stretch(struct pair *pair, const GArray *stretches)
{
    struct pair_table *table = pair->table;
    unsigned limit = table->n_stretches < MAX_ALL_STRETCHES ? MAX_STRETCHES : FEW_STRETCHES;
    bool is_full = stretches->len >= limit;

    table->dropped_stretches += is_full;
    table->n_stretches += !is_full;
    return is_full;
}

static unsigned count(const GArray *array)
{
    return array != NULL ? array->len : 0;
}

static void free_array(GArray *array)
{
    if (array != NULL) {
        g_array_free(array, TRUE);
    }
}

static void free_spans(GArray *spans)
{
    for (unsigned i = 0; spans != NULL && i < spans->len; i++) {
        skypefp_endpoint_unref(g_array_index(spans, struct span, i).by);
    }
    free_array(spans);
}

void skypefp_pair_unref(struct pair *pair)
{
    if (--pair->refs > 0) {
        return;
    }
    pair->table->n_stretches -= count(pair->spans[0]) + count(pair->spans[1]) + count(pair->runs) + count(pair->bursts);
    free_spans(pair->spans[0]);
    free_spans(pair->spans[1]);
    free_array(pair->runs);
    free_array(pair->bursts);
    g_free(pair->keepalives);
    g_free(pair->data);
    g_free(pair);
}

static void drop_oldest(struct pair_table *table, GQueue *queue)
{
    struct pair *oldest = g_queue_peek_head(queue);

    g_queue_unlink(queue, &oldest->lru);
    g_hash_table_remove(table->by_key, &oldest->key);
    for (unsigned side = 0; side < 2; side++) {
        uint8_t *n = &table->n_ends[oldest->end_hash[side] % PAIR_ENDS];
        *n = (uint8_t)(*n - (*n < UINT8_MAX));
    }
    skypefp_pair_unref(oldest);
}

void skypefp_pairs_clear(struct pair_table *table)
{
    while (!g_queue_is_empty(&table->lru)) {
        drop_oldest(table, &table->lru);
    }
    while (!g_queue_is_empty(&table->candidates)) {
        drop_oldest(table, &table->candidates);
    }
    g_hash_table_destroy(table->by_key);
    g_free(table->n_ends);
}

struct pair *skypefp_pairs_find(const struct pair_table *table, const skypefp_packet *packet, unsigned *side)
{
    struct tuple_key key;
    bool from_low;

    skypefp_tuple_key(&table->hash_key, packet, &key, &from_low);
    struct pair *pair = g_hash_table_lookup(table->by_key, &key);

    if (pair != NULL) {
        *side = from_low == pair->a_is_low ? 0 : 1;
    }
    return pair;
}

static struct pair *add_pair(struct pair_table *table, const skypefp_packet *packet)
{
    struct pair *pair = g_new0(struct pair, 1);

    skypefp_tuple_key(&table->hash_key, packet, &pair->key, &pair->a_is_low);
    pair->end[0] = skypefp_key(&table->hash_key, &packet->src);
    pair->end[1] = skypefp_key(&table->hash_key, &packet->dst);
    pair->contact.a = key_address(&pair->end[0]);
    pair->contact.b = key_address(&pair->end[1]);
    pair->refs = 1;
    pair->table = table;
    pair->is_candidate = true;
    pair->lru.data = pair;
    pair->end_hash[0] = hash_plain_address(&table->end_key, &packet->src);
    pair->end_hash[1] = hash_plain_address(&table->end_key, &packet->dst);
    for (unsigned side = 0; side < 2; side++) {
        uint8_t *n = &table->n_ends[pair->end_hash[side] % PAIR_ENDS];
        *n = (uint8_t)(*n + (*n < UINT8_MAX));
    }
    g_hash_table_insert(table->by_key, &pair->key, pair);
    g_queue_push_tail_link(&table->candidates, &pair->lru);
    return pair;
}

static void make_room(struct pair_table *table, GQueue *queue, uint32_t limit)
{
    if (g_queue_get_length(queue) > limit) {
        drop_oldest(table, queue);
        table->dropped++;
    }
}

/* Makes a pair the most recently used one of its queue. */
static void use(struct pair_table *table, struct pair *pair, bool is_candidate)
{
    g_queue_unlink(pair->is_candidate ? &table->candidates : &table->lru, &pair->lru);
    pair->is_candidate = is_candidate;
    g_queue_push_tail_link(pair->is_candidate ? &table->candidates : &table->lru, &pair->lru);
    make_room(table, &table->candidates, MAX_CANDIDATES);
    make_room(table, &table->lru, table->limit);
}

void skypefp_pairs_promote(struct pair_table *table, struct pair *pair)
{
    if (pair->is_candidate) {
        use(table, pair, false);
    }
}

struct pair *skypefp_pairs_touch(struct pair_table *table, const skypefp_packet *packet, bool is_candidate,
                                 unsigned *side)
{
    struct pair *pair = skypefp_pairs_find(table, packet, side);

    if (pair == NULL) {
        pair = add_pair(table, packet);
        *side = 0;
    }
    use(table, pair, pair->is_candidate && is_candidate);
    return pair;
}

void skypefp_pair_count(struct pair *pair, const skypefp_packet *packet, unsigned side)
{
    skypefp_contact *contact = &pair->contact;

    if (contact->first_frame == 0) {
        contact->first_frame = packet->frame;
        contact->first_us = contact->last_us = packet->time_us;
    }
    contact->last_frame = packet->frame;
    contact->first_us = MIN(contact->first_us, packet->time_us);
    contact->last_us = MAX(contact->last_us, packet->time_us);
    contact->n_datagrams[side]++;
    contact->n_octets[side] += packet->wire_len;
}

struct keepalives *skypefp_pair_keepalives(struct pair *pair, unsigned side)
{
    if (pair->keepalives == NULL) {
        pair->keepalives = g_new0(struct keepalives, 2);
    }
    return &pair->keepalives[side];
}
