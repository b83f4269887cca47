/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One endpoint: what signatures remember of it, its evidence by rule, its own verdict, its times. */
#include "endpoint.h"

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
        endpoint->tallies = NULL;
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

void skypefp_endpoint_leave(skypefp_endpoint *endpoint)
{
    free_memory(endpoint);
    settle_answered(endpoint);
    endpoint->has_left = true;
    skypefp_endpoint_unref(endpoint);
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

void skypefp_endpoint_adopt(skypefp_endpoint *endpoint, skypefp_endpoint *other, uint32_t frame, int64_t time_us)
{
    for (unsigned i = 0; other->tallies != NULL && i < other->tallies->len; i++) {
        skypefp_tally *theirs = &g_array_index(other->tallies, skypefp_tally, i);
        skypefp_tally *own = find_tally(endpoint, theirs->rule);
        if (own == NULL) {
            g_array_append_vals(endpoint->tallies, theirs, 1);
            theirs->proof = NULL;
        } else {
            skypefp_tally_join(own, theirs);
        }
    }
    free_tallies(other);
    if (other->has_times) {
        skypefp_endpoint_note_time(endpoint, other->first_us);
        skypefp_endpoint_note_time(endpoint, other->last_us);
    }
    if (endpoint->proof_frame == 0 && skypefp_own_verdict(endpoint) >= SKYPEFP_LIKELY) {
        endpoint->proof_frame = other->proof_frame != 0 ? other->proof_frame : frame;
        endpoint->proof_us = other->proof_frame != 0 ? other->proof_us : time_us;
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
