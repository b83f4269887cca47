/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoints of a capture: a bounded table, least recently used first. */
#include "endpoints.h"

#include "times.h"

enum { MEMORIES_AT_A_TIME = 4 };

static void free_memory(skypefp_endpoint *endpoint)
{
    for (unsigned i = 0; i < endpoint->n_memory; i++) {
        g_free(endpoint->memory[i].octets);
    }
    g_free(endpoint->memory);
    endpoint->memory = NULL;
    endpoint->n_memory = 0;
}

/* Whom it answered. Two that answered each other refer to each other, so this is forgotten when one leaves the
 * table. */
static void forget_answered(skypefp_endpoint *endpoint)
{
    for (unsigned i = 0; endpoint->answered != NULL && i < MAX_ANSWERED && endpoint->answered[i].frame != 0; i++) {
        skypefp_endpoint_unref(endpoint->answered[i].asker);
    }
    g_free(endpoint->answered);
    endpoint->answered = NULL;
}

/* What is known at the time that the endpoint leaves the table: an asker that is certain by then. */
static void settle_answered(skypefp_endpoint *endpoint)
{
    for (unsigned i = 0; endpoint->answered != NULL && endpoint->peer_frame == 0 && i < MAX_ANSWERED; i++) {
        const struct answered *answered = &endpoint->answered[i];
        if (answered->frame != 0 && skypefp_own_verdict(answered->asker) == SKYPEFP_CERTAIN) {
            endpoint->peer_frame = answered->frame;
        }
    }
    forget_answered(endpoint);
}

skypefp_endpoint *skypefp_endpoint_ref(skypefp_endpoint *endpoint)
{
    endpoint->refs++;
    return endpoint;
}

static void free_tallies(skypefp_endpoint *endpoint)
{
    if (endpoint->tallies != NULL) {
        for (unsigned i = 0; i < endpoint->tallies->len; i++) {
            g_free(g_array_index(endpoint->tallies, skypefp_tally, i).proof);
        }
        g_array_free(endpoint->tallies, TRUE);
    }
}

void skypefp_endpoint_unref(skypefp_endpoint *endpoint)
{
    if (--endpoint->refs > 0) {
        return;
    }
    free_memory(endpoint);
    free_tallies(endpoint);
    forget_answered(endpoint);
    if (endpoint->host != NULL) {
        skypefp_endpoint_unref(endpoint->host);
    }
    g_free(endpoint);
}

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

static void leave_table(struct endpoint_table *table, skypefp_endpoint *endpoint)
{
    g_queue_unlink(&table->lru, &endpoint->lru);
    g_hash_table_remove(table->by_key, &endpoint->key);
    free_memory(endpoint);
    settle_answered(endpoint);
    endpoint->has_left = true;
    skypefp_endpoint_unref(endpoint);
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
        leave_table(table, endpoint);
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

/* A few signatures remember anything of one endpoint, so they are searched, and room is made for four at a time. */
static struct remembered *find_memory(skypefp_endpoint *endpoint, unsigned signature)
{
    for (unsigned i = 0; i < endpoint->n_memory; i++) {
        if (endpoint->memory[i].rule == signature) {
            return &endpoint->memory[i];
        }
    }
    if (endpoint->n_memory % MEMORIES_AT_A_TIME == 0) {
        endpoint->memory = g_renew(struct remembered, endpoint->memory, endpoint->n_memory + MEMORIES_AT_A_TIME);
    }
    struct remembered *fresh = &endpoint->memory[endpoint->n_memory++];

    *fresh = (struct remembered){ .rule = (uint8_t)signature };
    return fresh;
}

void *skypefp_endpoint_memory(skypefp_endpoint *endpoint, unsigned signature, size_t size)
{
    struct remembered *remembered = find_memory(endpoint, signature);

    if (remembered->size < size) {
        remembered->octets = g_realloc(remembered->octets, size);
        memset((char *)remembered->octets + remembered->size, 0, size - remembered->size);
        remembered->size = (uint32_t)size;
    }
    return remembered->octets;
}

/* The tally of a rule; NULL: it did not fire yet. */
static skypefp_tally *find_tally(skypefp_endpoint *endpoint, uint8_t rule)
{
    if (endpoint->tallies == NULL) {
        endpoint->tallies = g_array_new(FALSE, FALSE, sizeof(skypefp_tally));
    }
    for (unsigned i = 0; i < endpoint->tallies->len; i++) {
        skypefp_tally *tally = &g_array_index(endpoint->tallies, skypefp_tally, i);
        if (tally->rule == rule) {
            return tally;
        }
    }
    return NULL;
}

const skypefp_tally *skypefp_endpoint_tallies(const skypefp_endpoint *endpoint, unsigned *n)
{
    *n = endpoint->tallies != NULL ? endpoint->tallies->len : 0;
    return *n > 0 ? (const skypefp_tally *)(const void *)endpoint->tallies->data : NULL;
}

void skypefp_endpoint_groups(const skypefp_endpoint *endpoint, int bits[SKYPEFP_N_GROUPS])
{
    unsigned n;
    const skypefp_tally *tallies = skypefp_endpoint_tallies(endpoint, &n);

    skypefp_group_bits(tallies, n, bits);
}

int skypefp_own_bits(const skypefp_endpoint *endpoint)
{
    unsigned n;
    const skypefp_tally *tallies = skypefp_endpoint_tallies(endpoint, &n);

    return skypefp_net_bits(tallies, n);
}

enum skypefp_verdict skypefp_own_verdict(const skypefp_endpoint *endpoint)
{
    return skypefp_verdict_of(skypefp_own_bits(endpoint));
}

void skypefp_endpoint_note_time(skypefp_endpoint *endpoint, int64_t time_us)
{
    endpoint->first_us = endpoint->has_times ? MIN(endpoint->first_us, time_us) : time_us;
    endpoint->last_us = endpoint->has_times ? MAX(endpoint->last_us, time_us) : time_us;
    endpoint->has_times = true;
}

void skypefp_endpoint_add(skypefp_endpoint *endpoint, const skypefp_evidence *evidence, int64_t time_us,
                          const struct proving *proving)
{
    skypefp_tally *tally = find_tally(endpoint, evidence->rule);

    if (tally == NULL) {
        skypefp_tally fresh = { .rule = evidence->rule, .first_frame = evidence->frame };
        fresh.proof = skypefp_proof_new(evidence, time_us, proving);
        g_array_append_val(endpoint->tallies, fresh);
        tally = &g_array_index(endpoint->tallies, skypefp_tally, endpoint->tallies->len - 1);
    }
    skypefp_endpoint_note_time(endpoint, time_us);
    skypefp_tally_add(tally, evidence->bits);
    if (endpoint->proof_frame == 0 && skypefp_own_verdict(endpoint) >= SKYPEFP_LIKELY) {
        endpoint->proof_frame = evidence->frame;
        endpoint->proof_us = time_us;
    }
}

bool skypefp_endpoint_has_own_generator(const skypefp_endpoint *endpoint)
{
    int bits[SKYPEFP_N_GROUPS];

    skypefp_endpoint_groups(endpoint, bits);
    return skypefp_verdict_of(SKYPEFP_PRIOR_BITS + bits[SKYPEFP_GROUP_GENERATOR]) >= SKYPEFP_LIKELY &&
           2 * endpoint->n_fitted >= endpoint->n_tested;
}

const skypefp_endpoint *skypefp_endpoint_host(const skypefp_endpoint *endpoint)
{
    return endpoint->host;
}

bool skypefp_endpoint_is_initiator(const skypefp_endpoint *endpoint)
{
    return endpoint->is_initiator;
}

bool skypefp_endpoint_times(const skypefp_endpoint *endpoint, int64_t *first_us, int64_t *last_us)
{
    *first_us = endpoint->first_us;
    *last_us = endpoint->last_us;
    return endpoint->has_times;
}

uint32_t skypefp_endpoint_public_ipv4(const skypefp_endpoint *endpoint)
{
    return endpoint->public_ipv4;
}

const char *skypefp_endpoint_one_way(const skypefp_endpoint *endpoint)
{
    if ((endpoint->n_sent == 0) == (endpoint->n_received == 0)) {
        return NULL;
    }
    return endpoint->n_sent > 0 ? "requests only; echo cannot be tested"
                                : "received only; nothing it sent can be tested";
}

skypefp_address skypefp_endpoint_address(const skypefp_endpoint *endpoint)
{
    return key_address(&endpoint->key);
}

int64_t skypefp_proof_time(const skypefp_endpoint *endpoint, uint32_t proof)
{
    if (endpoint == NULL || proof == 0) {
        return INT64_MIN;
    }
    if (endpoint->proof_frame == proof) {
        return endpoint->proof_us;
    }
    return endpoint->host != NULL && endpoint->host->proof_frame == proof ? endpoint->host->proof_us : INT64_MIN;
}
