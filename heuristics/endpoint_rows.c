/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a summary that stand for endpoints and for hosts. */
#include "endpoint_rows.h"

#include "association.h"
#include "times.h"
#include "tracker.h"

/* Two endpoints in the order of their pointers; or a host and an endpoint. */
struct peers {
    const skypefp_endpoint *low, *high;
};

/* Marked packets of a host, data apart. */
struct traffic {
    uint32_t n_packets, n_peers;
    uint64_t n_octets;
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

static void set_standing(skypefp_endpoint_summary *sums, const skypefp_endpoint *endpoint,
                         const struct standing *standing)
{
    sums->endpoint = endpoint;
    sums->verdict = standing->verdict;
    sums->bits = standing->bits;
    sums->proof = standing->proof;
    sums->proof_us = skypefp_proof_time(endpoint, standing->proof);
    sums->associated = standing->associated;
    sums->has_times = endpoint->has_times;
    sums->first_us = endpoint->first_us;
    sums->last_us = endpoint->last_us;
}

/* The row of an endpoint that is met for the first time, from 1; 0: there is nothing to report of it. */
static unsigned find_row(struct endpoint_rows *rows, skypefp_endpoint *endpoint, uint32_t frame)
{
    struct standing standing = skypefp_standing(&rows->tracker->endpoints, endpoint);
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(rows->last_row, &endpoint->key));
    skypefp_endpoint_summary *last =
        row > 0 ? &g_array_index(rows->endpoints, skypefp_endpoint_summary, row - 1) : NULL;

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
    g_array_append_val(rows->endpoints, fresh);
    g_hash_table_insert(rows->last_row, &endpoint->key, GUINT_TO_POINTER(rows->endpoints->len));
    return rows->endpoints->len;
}

static void add_packets(struct endpoint_rows *rows, skypefp_endpoint *endpoint, const skypefp_finding *finding,
                        bool is_new_peer)
{
    void *known;
    unsigned row;

    if (g_hash_table_lookup_extended(rows->row_of, endpoint, NULL, &known)) {
        row = GPOINTER_TO_UINT(known);
    } else {
        row = find_row(rows, endpoint, finding->frame);
        g_hash_table_insert(rows->row_of, endpoint, GUINT_TO_POINTER(row));
    }
    if (row > 0) {
        skypefp_endpoint_summary *sums = &g_array_index(rows->endpoints, skypefp_endpoint_summary, row - 1);
        sums->first_frame = MIN(sums->first_frame, finding->frame);
        sums->last_frame = MAX(sums->last_frame, finding->last_frame);
        sums->n_packets += finding->n_packets;
        sums->n_octets += finding->n_octets[0] + finding->n_octets[1];
        sums->n_peers += is_new_peer;
    }
}

/* Whether two have not met before. */
static bool note_peers(struct endpoint_rows *rows, const skypefp_endpoint *low, const skypefp_endpoint *high)
{
    struct peers peers = { low, high };

    return !g_hash_table_contains(rows->peers, &peers) &&
           g_hash_table_add(rows->peers, g_memdup2(&peers, sizeof peers));
}

static bool add_peers(struct endpoint_rows *rows, const skypefp_finding *finding)
{
    bool in_order = finding->src < finding->dst;

    return note_peers(rows, in_order ? finding->src : finding->dst, in_order ? finding->dst : finding->src);
}

void skypefp_rows_add_finding(struct endpoint_rows *rows, const skypefp_finding *finding)
{
    bool is_new_peer = add_peers(rows, finding);

    add_packets(rows, finding->src, finding, is_new_peer);
    add_packets(rows, finding->dst, finding, is_new_peer);
}

/* ---- hosts ---- */

static skypefp_host_summary *find_host(struct endpoint_rows *rows, const skypefp_endpoint *host)
{
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(rows->host_row, host));

    if (row == 0) {
        skypefp_host_summary fresh = {
            .host = host,
            .proof = host->proof_frame,
            .first_us = host->first_us,
            .last_us = host->last_us,
            .bits = SKYPEFP_PRIOR_BITS,
        };
        g_array_append_val(rows->hosts, fresh);
        row = rows->hosts->len;
        g_hash_table_insert(rows->host_row, (void *)(uintptr_t)host, GUINT_TO_POINTER(row));
    }
    return &g_array_index(rows->hosts, skypefp_host_summary, row - 1);
}

skypefp_host_summary *skypefp_rows_add_to_host(struct endpoint_rows *rows, const skypefp_endpoint *endpoint,
                                               enum skypefp_verdict verdict, int bits, uint32_t first_frame,
                                               uint32_t last_frame)
{
    const skypefp_endpoint *host = endpoint != NULL ? endpoint->host : NULL;

    if (host == NULL || host->proof_frame == 0 || verdict < SKYPEFP_LIKELY) {
        return NULL;
    }
    skypefp_host_summary *sums = find_host(rows, host);

    sums->first_frame = sums->first_frame == 0 ? first_frame : MIN(sums->first_frame, first_frame);
    sums->last_frame = MAX(sums->last_frame, last_frame);
    sums->verdict = MAX(sums->verdict, verdict);
    sums->bits = MAX(sums->bits, bits);
    return sums;
}

static void add_traffic(struct endpoint_rows *rows, const skypefp_finding *finding, const skypefp_endpoint *own,
                        const skypefp_endpoint *other)
{
    if (own->host == NULL || own->host->proof_frame == 0) {
        return;
    }
    struct traffic *traffic = g_hash_table_lookup(rows->traffic, own->host);
    if (traffic == NULL) {
        traffic = g_new0(struct traffic, 1);
        g_hash_table_insert(rows->traffic, own->host, traffic);
    }
    traffic->n_packets += finding->n_packets;
    traffic->n_octets += finding->n_octets[0] + finding->n_octets[1];
    traffic->n_peers += note_peers(rows, own->host, other);
}

void skypefp_rows_add_traffic(struct endpoint_rows *rows, const skypefp_finding *finding)
{
    add_traffic(rows, finding, finding->src, finding->dst);
    add_traffic(rows, finding, finding->dst, finding->src);
}

static void take_traffic(struct endpoint_rows *rows)
{
    for (unsigned i = 0; i < rows->hosts->len; i++) {
        skypefp_host_summary *row = &g_array_index(rows->hosts, skypefp_host_summary, i);
        const struct traffic *traffic = g_hash_table_lookup(rows->traffic, row->host);
        if (traffic != NULL) {
            row->n_packets = traffic->n_packets;
            row->n_octets = traffic->n_octets;
            row->n_peers = traffic->n_peers;
        }
    }
}

static void add_ports(struct endpoint_rows *rows)
{
    for (unsigned i = 0; i < rows->endpoints->len; i++) {
        const skypefp_endpoint_summary *row = &g_array_index(rows->endpoints, skypefp_endpoint_summary, i);
        skypefp_host_summary *host = row->associated
                                         ? NULL
                                         : skypefp_rows_add_to_host(rows, row->endpoint, row->verdict, row->bits,
                                                                    row->first_frame, row->last_frame);
        if (host != NULL && host->n_ports < SKYPEFP_MAX_HOST_PORTS) {
            host->ports[host->n_ports++] = row->endpoint->key.port;
        }
    }
}

void skypefp_rows_complete_hosts(struct endpoint_rows *rows)
{
    add_ports(rows);
    take_traffic(rows);
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

/* ---- the whole ---- */

struct endpoint_rows skypefp_rows_begin(const skypefp_tracker *tracker)
{
    return (struct endpoint_rows){
        .tracker = tracker,
        .endpoints = g_array_new(FALSE, FALSE, sizeof(skypefp_endpoint_summary)),
        .hosts = g_array_new(FALSE, FALSE, sizeof(skypefp_host_summary)),
        .row_of = g_hash_table_new(NULL, NULL),
        .last_row = g_hash_table_new(skypefp_key_hash, skypefp_key_equal),
        .host_row = g_hash_table_new(NULL, NULL),
        .traffic = g_hash_table_new_full(NULL, NULL, NULL, g_free),
        .peers = g_hash_table_new_full(hash_peers, equal_peers, g_free, NULL),
    };
}

void skypefp_rows_finish(struct endpoint_rows *rows)
{
    g_array_sort(rows->endpoints, compare_endpoints);
    g_array_sort(rows->hosts, compare_hosts);
    g_hash_table_destroy(rows->row_of);
    g_hash_table_destroy(rows->last_row);
    g_hash_table_destroy(rows->host_row);
    g_hash_table_destroy(rows->traffic);
    g_hash_table_destroy(rows->peers);
}
