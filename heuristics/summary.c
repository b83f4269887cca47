/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up a capture's findings: endpoints, hosts, conversations, counts. */
#include "summary.h"

#include "association.h"
#include "message.h"
#include "times.h"
#include "tracker.h"

/* The sums while they are made. */
struct adding {
    const skypefp_tracker *tracker;
    enum skypefp_verdict threshold;
    skypefp_summary *summary;
    GArray *endpoints;       /* skypefp_endpoint_summary */
    GArray *hosts;           /* skypefp_host_summary */
    GArray *conversations;   /* skypefp_conversation_summary */
    GArray *halves;          /* skypefp_half */
    GHashTable *row_of;      /* skypefp_endpoint -> row of endpoints + 1; 0: nothing to report of it */
    GHashTable *last_row;    /* struct endpoint_key -> the latest row of that address and port + 1 */
    GHashTable *host_row;    /* host -> row of hosts + 1 */
    GHashTable *peers;       /* struct peers: who was whose peer */
    GHashTable *contact_row; /* skypefp_contact -> row of conversations + 1 */
};

/* Two endpoints in the order of their pointers. */
struct peers {
    const skypefp_endpoint *low, *high;
};

static guint hash_peers(gconstpointer key)
{
    const struct peers *peers = key;

    return g_direct_hash(peers->low) * 31 + g_direct_hash(peers->high);
}

static gboolean equal_peers(gconstpointer a, gconstpointer b)
{
    const struct peers *left = a, *right = b;

    return left->low == right->low && left->high == right->high;
}

/* ---- endpoints ---- */

/* Evidence, or what others said of it. */
static bool is_worth_reporting(const skypefp_endpoint *endpoint, const struct standing *standing)
{
    return !endpoint->is_initiator && (endpoint->tallies != NULL || standing->associated || endpoint->public_ipv4 != 0);
}

/* Whether two endpoints on one address and port are one tenancy, which the limits of the table have cut in two. */
static bool is_one_tenancy(const skypefp_endpoint *a, const skypefp_endpoint *b)
{
    int64_t lasts_us = skypefp_tenancy_us(a->is_listening || b->is_listening);

    return !a->has_times || !b->has_times ||
           (elapsed_us(b->last_us, a->first_us) <= lasts_us && elapsed_us(a->last_us, b->first_us) <= lasts_us);
}

/* The time of a frame that proved an endpoint. */
static int64_t proof_time(const skypefp_endpoint *endpoint, uint32_t proof)
{
    if (endpoint == NULL || proof == 0) {
        return INT64_MIN;
    }
    return endpoint->proof_frame == proof                                   ? endpoint->proof_us
           : endpoint->host != NULL && endpoint->host->proof_frame == proof ? endpoint->host->proof_us
                                                                            : INT64_MIN;
}

static void set_standing(skypefp_endpoint_summary *sums, const skypefp_endpoint *endpoint,
                         const struct standing *standing)
{
    sums->endpoint = endpoint;
    sums->verdict = standing->verdict;
    sums->bits = standing->bits;
    sums->proof = standing->proof;
    sums->proof_us = proof_time(endpoint, standing->proof);
    sums->associated = standing->associated;
    sums->has_times = endpoint->has_times;
    sums->first_us = endpoint->first_us;
    sums->last_us = endpoint->last_us;
}

/* The row of an endpoint that is met for the first time, from 1; 0: there is nothing to report of it. */
static unsigned find_row(struct adding *adding, skypefp_endpoint *endpoint, uint32_t frame)
{
    struct standing standing = skypefp_standing(&adding->tracker->endpoints, endpoint);
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(adding->last_row, &endpoint->key));
    skypefp_endpoint_summary *last =
        row > 0 ? &g_array_index(adding->endpoints, skypefp_endpoint_summary, row - 1) : NULL;

    if (!is_worth_reporting(endpoint, &standing)) {
        return 0;
    }
    if (last != NULL && is_one_tenancy(last->endpoint, endpoint)) {
        if (standing.bits > last->bits) {
            set_standing(last, endpoint, &standing);
        }
        return row;
    }
    skypefp_endpoint_summary fresh = { .first_frame = frame, .last_frame = frame };
    set_standing(&fresh, endpoint, &standing);
    g_array_append_val(adding->endpoints, fresh);
    g_hash_table_insert(adding->last_row, &endpoint->key, GUINT_TO_POINTER(adding->endpoints->len));
    return adding->endpoints->len;
}

static void add_packets(struct adding *adding, skypefp_endpoint *endpoint, const skypefp_finding *finding,
                        bool is_new_peer)
{
    void *known;
    unsigned row;

    if (g_hash_table_lookup_extended(adding->row_of, endpoint, NULL, &known)) {
        row = GPOINTER_TO_UINT(known);
    } else {
        row = find_row(adding, endpoint, finding->frame);
        g_hash_table_insert(adding->row_of, endpoint, GUINT_TO_POINTER(row));
    }
    if (row > 0) {
        skypefp_endpoint_summary *sums = &g_array_index(adding->endpoints, skypefp_endpoint_summary, row - 1);
        sums->first_frame = MIN(sums->first_frame, finding->frame);
        sums->last_frame = MAX(sums->last_frame, finding->last_frame);
        sums->n_packets += finding->n_packets;
        sums->n_peers += is_new_peer;
    }
}

/* Whether the two ends of a finding have not met before. */
static bool add_peers(struct adding *adding, const skypefp_finding *finding)
{
    bool in_order = finding->src < finding->dst;
    struct peers peers = { in_order ? finding->src : finding->dst, in_order ? finding->dst : finding->src };

    return !g_hash_table_contains(adding->peers, &peers) &&
           g_hash_table_add(adding->peers, g_memdup2(&peers, sizeof peers));
}

/* ---- hosts ---- */

static skypefp_host_summary *find_host(struct adding *adding, const skypefp_endpoint *host)
{
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(adding->host_row, host));

    if (row == 0) {
        skypefp_host_summary fresh = {
            .host = host,
            .proof = host->proof_frame,
            .first_us = host->first_us,
            .last_us = host->last_us,
            .bits = SKYPEFP_PRIOR_BITS,
        };
        g_array_append_val(adding->hosts, fresh);
        row = adding->hosts->len;
        g_hash_table_insert(adding->host_row, (void *)(uintptr_t)host, GUINT_TO_POINTER(row));
    }
    return &g_array_index(adding->hosts, skypefp_host_summary, row - 1);
}

/* What one of its endpoints or conversations shows of a host that is proven. */
static skypefp_host_summary *add_to_host(struct adding *adding, const skypefp_endpoint *endpoint,
                                         enum skypefp_verdict verdict, int bits, uint32_t first_frame,
                                         uint32_t last_frame)
{
    const skypefp_endpoint *host = endpoint != NULL ? endpoint->host : NULL;

    if (host == NULL || host->proof_frame == 0 || verdict < SKYPEFP_LIKELY) {
        return NULL;
    }
    skypefp_host_summary *sums = find_host(adding, host);

    sums->first_frame = sums->first_frame == 0 ? first_frame : MIN(sums->first_frame, first_frame);
    sums->last_frame = MAX(sums->last_frame, last_frame);
    sums->verdict = MAX(sums->verdict, verdict);
    sums->bits = MAX(sums->bits, bits);
    return sums;
}

static void add_ports(struct adding *adding)
{
    for (unsigned i = 0; i < adding->endpoints->len; i++) {
        const skypefp_endpoint_summary *row = &g_array_index(adding->endpoints, skypefp_endpoint_summary, i);
        skypefp_host_summary *host = row->associated ? NULL
                                                     : add_to_host(adding, row->endpoint, row->verdict, row->bits,
                                                                   row->first_frame, row->last_frame);
        if (host != NULL && host->n_ports < SKYPEFP_MAX_HOST_PORTS) {
            host->ports[host->n_ports++] = row->endpoint->key.port;
        }
    }
}

/* ---- conversations ---- */

static void add_runs(struct adding *adding, const struct pair *pair, skypefp_conversation_summary *sums);

/* The row of a UDP contact, begun when it is met for the first time, together with its data. */
static skypefp_conversation_summary *find_contact(struct adding *adding, const skypefp_contact *contact)
{
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(adding->contact_row, contact));

    if (row == 0) {
        skypefp_conversation_summary fresh = {
            .src = contact->a,
            .dst = contact->b,
            .transport = SKYPEFP_UDP,
            .contact = contact,
            .bits = SKYPEFP_PRIOR_BITS,
            .proof_us = INT64_MIN,
            .first_us = contact->first_us,
            .last_us = contact->last_us,
            .n_packets = { contact->n_datagrams[0], contact->n_datagrams[1] },
            .n_octets = { contact->n_octets[0], contact->n_octets[1] },
        };
        add_runs(adding, pair_of(contact), &fresh);
        g_array_append_val(adding->conversations, fresh);
        row = adding->conversations->len;
        g_hash_table_insert(adding->contact_row, (void *)(uintptr_t)contact, GUINT_TO_POINTER(row));
    }
    return &g_array_index(adding->conversations, skypefp_conversation_summary, row - 1);
}

static void raise_verdict(skypefp_conversation_summary *sums, enum skypefp_verdict verdict, int bits, uint32_t proof,
                          const skypefp_endpoint *endpoint)
{
    if (verdict > sums->verdict) {
        sums->verdict = verdict;
        sums->bits = bits;
        sums->proof = proof;
        sums->proof_us = proof_time(endpoint, proof);
    }
}

static void note_frames(skypefp_conversation_summary *sums, uint32_t first_frame, uint32_t last_frame)
{
    sums->first_frame = sums->first_frame == 0 ? first_frame : MIN(sums->first_frame, first_frame);
    sums->last_frame = MAX(sums->last_frame, last_frame);
}

/* The data messages of a pair, run by run. */
static void add_runs(struct adding *adding, const struct pair *pair, skypefp_conversation_summary *sums)
{
    for (unsigned i = 0; pair->runs != NULL && i < pair->runs->len; i++) {
        const struct data_run *run = &g_array_index(pair->runs, struct data_run, i);
        struct opening opening = skypefp_pair_run_opening(pair, run);
        uint32_t n = run->n_data - MIN(run->n_findings, run->n_data);
        adding->summary->packets[opening.verdict] += n;
        if (opening.by == NULL || n == 0) {
            continue;
        }
        raise_verdict(sums, opening.verdict, skypefp_own_bits(opening.by), opening.by->proof_frame, opening.by);
        note_frames(sums, run->first_frame, run->last_frame);
        if (opening.verdict >= adding->threshold) {
            sums->n_marked += n;
            adding->summary->functions[SKYPEFP_FN_DATA] += n;
        }
    }
}

/* A side whose evidence is not in the table of endpoints. */
static const skypefp_endpoint *own_side(const skypefp_endpoint *endpoint)
{
    return endpoint != NULL && endpoint->is_initiator && endpoint->tallies != NULL ? endpoint : NULL;
}

static skypefp_conversation_summary *begin_stream(struct adding *adding, const skypefp_finding *finding)
{
    const struct stream *stream = stream_of(finding);
    skypefp_conversation_summary fresh = {
        .src = key_address(&stream->key[INITIATOR]),
        .dst = key_address(&stream->key[RESPONDER]),
        .transport = SKYPEFP_TCP,
        .bits = SKYPEFP_PRIOR_BITS,
        .target = finding->target,
        .first_us = finding->time_us,
        .last_us = finding->last_us,
        .proof_us = INT64_MIN,
        .side = { own_side(finding->src), own_side(finding->dst) },
        .n_packets = { finding->n_sent[0], finding->n_sent[1] },
        .n_octets = { finding->n_octets[0], finding->n_octets[1] },
    };

    g_array_append_val(adding->conversations, fresh);
    return &g_array_index(adding->conversations, skypefp_conversation_summary, adding->conversations->len - 1);
}

static void add_conversation(struct adding *adding, const skypefp_finding *finding, const skypefp_judgement *judgement)
{
    if (judgement->verdict == SKYPEFP_NONE) {
        return;
    }
    skypefp_conversation_summary *sums =
        finding->transport == SKYPEFP_UDP ? find_contact(adding, finding->contact) : begin_stream(adding, finding);
    raise_verdict(sums, judgement->verdict, judgement->bits, judgement->proof, judgement->endpoint);
    note_frames(sums, finding->frame, finding->last_frame);
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        sums->rules |= (uint64_t)1 << evidence->rule % 64;
    }
    if (judgement->verdict >= adding->threshold) {
        sums->n_marked += finding->n_packets;
        skypefp_host_summary *host = finding->transport == SKYPEFP_UDP
                                         ? NULL
                                         : add_to_host(adding, finding->src, judgement->verdict, judgement->bits,
                                                       finding->frame, finding->last_frame);
        if (host != NULL) {
            host->n_conversations++;
        }
    }
}

/* ---- findings ---- */

static void add_finding(struct adding *adding, const skypefp_finding *finding)
{
    skypefp_sighting sighting = {
        .finding = finding,
        .frame = finding->frame,
        .time_us = finding->time_us,
        .function = finding->function,
    };
    skypefp_judgement judgement;
    bool is_new_peer = add_peers(adding, finding);

    skypefp_judge(adding->tracker, &sighting, &judgement);
    adding->summary->packets[judgement.verdict] += finding->n_packets;
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        adding->summary->rule_hits[evidence->rule]++;
    }
    add_packets(adding, finding->src, finding, is_new_peer);
    add_packets(adding, finding->dst, finding, is_new_peer);
    add_conversation(adding, finding, &judgement);
    if (finding->transport == SKYPEFP_UDP && judgement.verdict != SKYPEFP_NONE &&
        judgement.verdict >= adding->threshold) {
        adding->summary->functions[finding->function % SKYPEFP_N_FUNCTIONS]++;
    }
}

/* Conversations that were answered with binary, whose other half may be in another capture. */
static void add_half(struct adding *adding, const struct stream *stream)
{
    if (stream->is_half) {
        skypefp_half half = { stream->finding.dst, stream->side[RESPONDER].last_frame, stream->finding.time_us };
        g_array_append_val(adding->halves, half);
    }
}

/* Pairs in which data is marked, though none of their other messages may be kept. */
static void add_pairs(struct adding *adding, const GQueue *pairs)
{
    for (const GList *link = pairs->head; link != NULL; link = link->next) {
        const struct pair *pair = link->data;
        if (pair->runs != NULL && skypefp_contact_verdict(&pair->contact) >= SKYPEFP_POSSIBLE) {
            find_contact(adding, &pair->contact);
        }
    }
}

static void add_findings(struct adding *adding)
{
    for (const skypefp_finding *finding = adding->tracker->findings.oldest; finding != NULL; finding = finding->newer) {
        add_finding(adding, finding);
    }
    add_pairs(adding, &adding->tracker->pairs.lru);
    for (const GList *link = adding->tracker->streams.kept.head; link != NULL; link = link->next) {
        const struct stream *stream = link->data;
        add_half(adding, stream);
        if (stream->finding.evidence != NULL) {
            add_finding(adding, &stream->finding);
        }
    }
    add_ports(adding);
}

/* ---- order ---- */

static gint compare_rows(int a_bits, const skypefp_endpoint *a, int64_t a_us, int b_bits, const skypefp_endpoint *b,
                         int64_t b_us)
{
    int by_key = skypefp_key_compare(&a->key, &b->key);

    if (a_bits != b_bits) {
        return b_bits - a_bits;
    }
    return by_key != 0 ? by_key : a_us < b_us ? -1 : a_us > b_us;
}

static gint compare_endpoints(gconstpointer a, gconstpointer b)
{
    const skypefp_endpoint_summary *left = a, *right = b;

    return compare_rows(left->bits, left->endpoint, left->first_us, right->bits, right->endpoint, right->first_us);
}

static gint compare_hosts(gconstpointer a, gconstpointer b)
{
    const skypefp_host_summary *left = a, *right = b;

    return compare_rows(left->bits, left->host, left->first_us, right->bits, right->host, right->first_us);
}

static gint compare_conversations(gconstpointer a, gconstpointer b)
{
    const skypefp_conversation_summary *left = a, *right = b;

    return left->first_frame < right->first_frame ? -1 : left->first_frame > right->first_frame;
}

static void index_endpoints(skypefp_summary *summary)
{
    summary->by_key = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, g_free, NULL);
    for (unsigned i = summary->n_endpoints; i > 0; i--) {
        const struct endpoint_key *key = &summary->endpoints[i - 1].endpoint->key;
        g_hash_table_replace(summary->by_key, g_memdup2(key, sizeof *key), &summary->endpoints[i - 1]);
    }
}

/* ---- the whole ---- */

static struct adding begin(const skypefp_tracker *tracker, enum skypefp_verdict threshold)
{
    skypefp_summary *summary = g_new0(skypefp_summary, 1);

    summary->rule_hits = g_new0(uint32_t, skypefp_n_rules());
    return (struct adding){
        .tracker = tracker,
        .threshold = threshold,
        .summary = summary,
        .endpoints = g_array_new(FALSE, FALSE, sizeof(skypefp_endpoint_summary)),
        .hosts = g_array_new(FALSE, FALSE, sizeof(skypefp_host_summary)),
        .conversations = g_array_new(FALSE, FALSE, sizeof(skypefp_conversation_summary)),
        .halves = g_array_new(FALSE, FALSE, sizeof(skypefp_half)),
        .row_of = g_hash_table_new(NULL, NULL),
        .last_row = g_hash_table_new(skypefp_key_hash, skypefp_key_equal),
        .host_row = g_hash_table_new(NULL, NULL),
        .peers = g_hash_table_new_full(hash_peers, equal_peers, g_free, NULL),
        .contact_row = g_hash_table_new(NULL, NULL),
    };
}

/* Hands the rows over to the summary and frees the rest. */
static skypefp_summary *finish(struct adding *adding)
{
    skypefp_summary *summary = adding->summary;

    g_array_sort(adding->endpoints, compare_endpoints);
    g_array_sort(adding->hosts, compare_hosts);
    g_array_sort(adding->conversations, compare_conversations);
    summary->n_endpoints = adding->endpoints->len;
    summary->n_hosts = adding->hosts->len;
    summary->n_conversations = adding->conversations->len;
    summary->n_halves = adding->halves->len;
    summary->endpoints = (skypefp_endpoint_summary *)(void *)g_array_free(adding->endpoints, FALSE);
    summary->hosts = (skypefp_host_summary *)(void *)g_array_free(adding->hosts, FALSE);
    summary->conversations = (skypefp_conversation_summary *)(void *)g_array_free(adding->conversations, FALSE);
    summary->halves = (skypefp_half *)(void *)g_array_free(adding->halves, FALSE);
    index_endpoints(summary);
    g_hash_table_destroy(adding->row_of);
    g_hash_table_destroy(adding->last_row);
    g_hash_table_destroy(adding->host_row);
    g_hash_table_destroy(adding->peers);
    g_hash_table_destroy(adding->contact_row);
    return summary;
}

skypefp_summary *skypefp_summarize(const skypefp_tracker *tracker, enum skypefp_verdict threshold)
{
    struct adding adding = begin(tracker, threshold);

    if (tracker != NULL) {
        adding.summary->hash_key = tracker->endpoints.hash_key;
        add_findings(&adding);
    }
    return finish(&adding);
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
    g_free(summary->hosts);
    g_free(summary->conversations);
    g_free(summary->halves);
    g_free(summary->rule_hits);
    g_free(summary);
}
