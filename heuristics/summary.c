/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up a capture's findings: endpoints, conversations, counts. */
#include "summary.h"

#include "signature.h"
#include "association.h"
#include "tracker.h"

/* The sums while they are made. */
struct adding {
    const skypefp_tracker *tracker;
    enum skypefp_verdict threshold;
    skypefp_summary *summary;
    GArray *endpoints;          /* skypefp_endpoint_summary */
    GArray *conversations;      /* skypefp_conversation_summary */
    GArray *halves;             /* skypefp_half */
    GHashTable *endpoint_index; /* struct endpoint_key -> index + 1 */
    GHashTable *pair_index;     /* struct pair -> itself: UDP conversations, and who is whose peer */
};

/* Two endpoints in the order of their pointers; index: of their UDP conversation + 1, or 0. */
struct pair {
    const skypefp_endpoint *low, *high;
    unsigned udp_index;
};

static guint hash_pair(gconstpointer key)
{
    const struct pair *pair = key;

    return g_direct_hash(pair->low) * 31 + g_direct_hash(pair->high);
}

static gboolean equal_pair(gconstpointer a, gconstpointer b)
{
    const struct pair *left = a, *right = b;

    return left->low == right->low && left->high == right->high;
}

/* Evidence, or what others told of it. */
static bool is_worth_telling(const skypefp_endpoint *endpoint, const struct standing *standing)
{
    return endpoint->tallies != NULL || standing->associated || endpoint->public_ipv4 != 0;
}

static void set_standing(skypefp_endpoint_summary *sums, const skypefp_endpoint *endpoint, const struct standing *standing)
{
    sums->endpoint = endpoint;
    sums->verdict = standing->verdict;
    sums->bits = standing->bits;
    sums->proof = standing->proof;
    sums->associated = standing->associated;
}

static skypefp_endpoint_summary *begin_endpoint(struct adding *adding, skypefp_endpoint *endpoint, uint32_t frame)
{
    skypefp_endpoint_summary fresh = { .first_frame = frame, .last_frame = frame };

    g_array_append_val(adding->endpoints, fresh);
    g_hash_table_insert(adding->endpoint_index, &endpoint->key, GUINT_TO_POINTER(adding->endpoints->len));
    return &g_array_index(adding->endpoints, skypefp_endpoint_summary, adding->endpoints->len - 1);
}

/* The sums of an endpoint; NULL when there is nothing to tell of it. */
static skypefp_endpoint_summary *find_endpoint(struct adding *adding, skypefp_endpoint *endpoint, uint32_t frame)
{
    unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(adding->endpoint_index, &endpoint->key));
    skypefp_endpoint_summary *sums = index > 0 ? &g_array_index(adding->endpoints, skypefp_endpoint_summary, index - 1) : NULL;

    if (sums != NULL && sums->endpoint == endpoint) {
        return sums;
    }
    struct standing standing = skypefp_standing(&adding->tracker->endpoints, endpoint);

    if (is_worth_telling(endpoint, &standing) && (sums == NULL || standing.bits > sums->bits)) {
        sums = sums != NULL ? sums : begin_endpoint(adding, endpoint, frame);
        set_standing(sums, endpoint, &standing);
    }
    return sums;
}

static void add_packets(struct adding *adding, skypefp_endpoint *endpoint, const skypefp_finding *finding, bool is_new_peer)
{
    skypefp_endpoint_summary *sums = find_endpoint(adding, endpoint, finding->frame);

    if (sums != NULL) {
        sums->first_frame = MIN(sums->first_frame, finding->frame);
        sums->last_frame = MAX(sums->last_frame, finding->last_frame);
        sums->n_packets += finding->n_packets;
        sums->n_peers += is_new_peer;
    }
}

static struct pair *find_pair(struct adding *adding, const skypefp_finding *finding, bool *is_new)
{
    bool in_order = finding->src < finding->dst;
    struct pair wanted = { .low = in_order ? finding->src : finding->dst, .high = in_order ? finding->dst : finding->src };
    struct pair *pair = g_hash_table_lookup(adding->pair_index, &wanted);

    *is_new = pair == NULL;
    if (pair == NULL) {
        pair = g_new(struct pair, 1);
        *pair = wanted;
        g_hash_table_add(adding->pair_index, pair);
    }
    return pair;
}

static void add_conversation(struct adding *adding, const skypefp_finding *finding, struct pair *pair,
                             enum skypefp_verdict verdict)
{
    if (finding->transport == SKYPEFP_UDP && pair->udp_index != 0) {
        skypefp_conversation_summary *sums = &g_array_index(adding->conversations, skypefp_conversation_summary,
                                                            pair->udp_index - 1);
        sums->verdict = MAX(sums->verdict, verdict);
        sums->last_frame = finding->last_frame;
        sums->n_packets++;
        return;
    }
    skypefp_conversation_summary fresh = {
        .src = finding->src,
        .dst = finding->dst,
        .transport = finding->transport,
        .verdict = verdict,
        .first_frame = finding->frame,
        .last_frame = finding->last_frame,
        .n_packets = finding->n_packets,
    };
    g_array_append_val(adding->conversations, fresh);
    if (finding->transport == SKYPEFP_UDP) {
        pair->udp_index = adding->conversations->len;
    }
}

static void add_finding(struct adding *adding, const skypefp_finding *finding)
{
    skypefp_sighting sighting = { .finding = finding, .frame = finding->frame };
    skypefp_judgement judgement;
    bool is_new_pair;
    struct pair *pair = find_pair(adding, finding, &is_new_pair);

    skypefp_judge(adding->tracker, &sighting, &judgement);
    adding->summary->packets[judgement.verdict] += finding->n_packets;
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        adding->summary->rule_hits[evidence->rule]++;
    }
    add_packets(adding, finding->src, finding, is_new_pair);
    add_packets(adding, finding->dst, finding, is_new_pair);
    if (judgement.verdict != SKYPEFP_NONE && judgement.verdict >= adding->threshold) {
        add_conversation(adding, finding, pair, judgement.verdict);
        if (finding->transport == SKYPEFP_UDP) {
            adding->summary->functions[finding->function % SKYPEFP_N_FUNCTIONS]++;
        }
    }
}

static gint compare_endpoints(gconstpointer a, gconstpointer b)
{
    const skypefp_endpoint_summary *left = a, *right = b;

    if (left->bits != right->bits) {
        return right->bits - left->bits;
    }
    return skypefp_key_compare(&left->endpoint->key, &right->endpoint->key);
}

static gint compare_conversations(gconstpointer a, gconstpointer b)
{
    const skypefp_conversation_summary *left = a, *right = b;

    return left->first_frame < right->first_frame ? -1 : left->first_frame > right->first_frame;
}

/* Conversations that were answered with binary, whose other half may stand in another capture. */
static void add_half(struct adding *adding, const struct stream *stream)
{
    if (stream->is_half) {
        skypefp_half half = { stream->finding.dst, stream->side[RESPONDER].last_frame };
        g_array_append_val(adding->halves, half);
    }
}

static void add_findings(struct adding *adding)
{
    for (const skypefp_finding *finding = adding->tracker->findings.oldest; finding != NULL; finding = finding->newer) {
        add_finding(adding, finding);
    }
    for (const GList *link = adding->tracker->streams.kept.head; link != NULL; link = link->next) {
        const struct stream *stream = link->data;
        add_half(adding, stream);
        if (stream->finding.evidence != NULL) {
            add_finding(adding, &stream->finding);
        }
    }
}

static void index_endpoints(skypefp_summary *summary)
{
    summary->by_key = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, g_free, NULL);
    for (unsigned i = 0; i < summary->n_endpoints; i++) {
        const struct endpoint_key *key = &summary->endpoints[i].endpoint->key;
        g_hash_table_insert(summary->by_key, g_memdup2(key, sizeof *key), &summary->endpoints[i]);
    }
}

skypefp_summary *skypefp_summarize(const skypefp_tracker *tracker, enum skypefp_verdict threshold)
{
    skypefp_summary *summary = g_new0(skypefp_summary, 1);
    struct adding adding = {
        .tracker = tracker,
        .threshold = threshold,
        .summary = summary,
        .endpoints = g_array_new(FALSE, FALSE, sizeof(skypefp_endpoint_summary)),
        .conversations = g_array_new(FALSE, FALSE, sizeof(skypefp_conversation_summary)),
        .halves = g_array_new(FALSE, FALSE, sizeof(skypefp_half)),
        .endpoint_index = g_hash_table_new(skypefp_key_hash, skypefp_key_equal),
        .pair_index = g_hash_table_new_full(hash_pair, equal_pair, g_free, NULL),
    };

    summary->rule_hits = g_new0(uint32_t, skypefp_n_rules());
    if (tracker != NULL) {
        summary->hash_key = tracker->endpoints.hash_key;
        add_findings(&adding);
    }
    g_array_sort(adding.endpoints, compare_endpoints);
    g_array_sort(adding.conversations, compare_conversations);
    summary->n_endpoints = adding.endpoints->len;
    summary->n_conversations = adding.conversations->len;
    summary->n_halves = adding.halves->len;
    summary->endpoints = (skypefp_endpoint_summary *)(void *)g_array_free(adding.endpoints, FALSE);
    summary->conversations = (skypefp_conversation_summary *)(void *)g_array_free(adding.conversations, FALSE);
    summary->halves = (skypefp_half *)(void *)g_array_free(adding.halves, FALSE);
    index_endpoints(summary);
    g_hash_table_destroy(adding.endpoint_index);
    g_hash_table_destroy(adding.pair_index);
    return summary;
}

const skypefp_endpoint_summary *skypefp_summary_find(const skypefp_summary *summary, const skypefp_address *address)
{
    if (!is_ip_address(address)) {
        return NULL;
    }
    struct endpoint_key key = skypefp_key(&summary->hash_key, address);

    return g_hash_table_lookup(summary->by_key, &key);
}

void skypefp_summary_free(skypefp_summary *summary)
{
    g_hash_table_destroy(summary->by_key);
    g_free(summary->endpoints);
    g_free(summary->conversations);
    g_free(summary->halves);
    g_free(summary->rule_hits);
    g_free(summary);
}
