/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP requests that wait for an answer: a bounded table, oldest first. */
#include "requests.h"

static guint hash_request(gconstpointer key)
{
    return ((const struct request_key *)key)->hash;
}

/* A table asks this of equal hashes only, so that what differs here alone takes two ids of one pair whose 32 bits of
 * hash are equal under a seed that nobody knows. */
static gboolean equal_request(gconstpointer a, gconstpointer b)
{
    const struct request_key *left = a, *right = b;

    return left->asker == right->asker && left->answerer == right->answerer && left->id == right->id;
}

static struct request_key make_key(const struct request_table *table, const skypefp_endpoint *asker,
                                   const skypefp_endpoint *answerer, uint16_t id)
{
    const uint64_t *multiplier = table->hash_key.multiplier;
    uint64_t sum = multiplier[0] * asker->serial + multiplier[1] * answerer->serial + multiplier[2] * id;

    return (struct request_key){ (uint32_t)(sum >> 32), asker->serial, answerer->serial, id };
}

void skypefp_requests_init(struct request_table *table, uint32_t limit, uint64_t seed)
{
    table->pool = skypefp_pool(sizeof(struct request));
    table->by_key = g_hash_table_new(hash_request, equal_request);
    g_queue_init(&table->queue);
    table->hash_key = skypefp_hash_key(seed);
    table->limit = MAX(limit, 1);
    table->dropped = 0;
}

static void drop_oldest(struct request_table *table)
{
    struct request *oldest = g_queue_peek_head(&table->queue);

    g_queue_unlink(&table->queue, &oldest->queue);
    g_hash_table_remove(table->by_key, &oldest->key);
    skypefp_pool_give(&table->pool, oldest);
}

void skypefp_requests_clear(struct request_table *table)
{
    while (!g_queue_is_empty(&table->queue)) {
        drop_oldest(table);
    }
    g_hash_table_destroy(table->by_key);
    skypefp_pool_clear(&table->pool);
}

struct request *skypefp_requests_lookup(const struct request_table *table, const skypefp_endpoint *asker,
                                        const skypefp_endpoint *answerer, uint16_t id)
{
    struct request_key key = make_key(table, asker, answerer, id);

    return g_hash_table_lookup(table->by_key, &key);
}

static struct request *make_request(struct request_table *table, const struct request_key *key)
{
    if (g_queue_get_length(&table->queue) >= table->limit) {
        drop_oldest(table);
        table->dropped++;
    }
    struct request *request = skypefp_pool_take(&table->pool);

    request->key = *key;
    request->queue.data = request;
    g_hash_table_insert(table->by_key, &request->key, request);
    g_queue_push_tail_link(&table->queue, &request->queue);
    return request;
}

/* Of a resend only the challenge: its destination is the asker's own address when both are on one host. */
static void remember_head(struct request *request, const skypefp_packet *packet, const skypefp_message *message)
{
    uint32_t limit =
        message->function == SKYPEFP_FN_RESEND ? SKYPEFP_AT_RESEND_DESTINATION - SKYPEFP_AT_RESEND_MARK : MAX_HEAD;

    request->n_head = (uint8_t)MIN(packet->len - SKYPEFP_AT_PAYLOAD_IV, limit);
    memcpy(request->head, packet->data + SKYPEFP_AT_PAYLOAD_IV, request->n_head);
}

void skypefp_requests_add(struct request_table *table, const skypefp_packet *packet, const skypefp_message *message,
                          const skypefp_finding *finding)
{
    struct request_key key = make_key(table, finding->src, finding->dst, message->id);
    struct request *request = g_hash_table_lookup(table->by_key, &key);

    if (request == NULL) {
        request = make_request(table, &key);
    } else if (message->has_iv && request->has_crc && request->iv == message->iv) {
        return; /* a copy of the frame, from a mirror port: the first one asked */
    }
    if (!request->has_crc || request->crc != message->crc) {
        request->nak = (struct finding_name){ 0 }; /* the id came round: another message */
        request->has_challenge = false;
    }
    request->asked = skypefp_finding_name(finding);
    request->time_us = finding->time_us;
    request->has_crc = message->has_crc;
    request->crc = message->crc;
    request->iv = message->iv;
    remember_head(request, packet, message);
}
