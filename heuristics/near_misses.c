/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists what narrowly was not Skype. */
#include "near_misses.h"

#include "tracker.h"

/* The list while it is made. */
struct listing {
    const skypefp_tracker *tracker;
    enum skypefp_verdict threshold;
    GArray *rows;       /* skypefp_near_miss */
    GHashTable *row_of; /* struct kind of UDP -> row + 1 */
};

/* What datagrams have in common that share a row. */
struct kind {
    const skypefp_endpoint *src, *dst;
    const char *condition;
    const skypefp_rule *rule;
};

static guint hash_kind(gconstpointer key)
{
    const struct kind *kind = key;

    return ((g_direct_hash(kind->src) * 31 + g_direct_hash(kind->dst)) * 31 + g_direct_hash(kind->condition)) * 31 +
           g_direct_hash(kind->rule);
}

static gboolean equal_kinds(gconstpointer a, gconstpointer b)
{
    const struct kind *left = a, *right = b;

    return left->src == right->src && left->dst == right->dst && left->condition == right->condition &&
           left->rule == right->rule;
}

static void add_row(struct listing *listing, const skypefp_finding *finding, const skypefp_rule *rule,
                    const char *condition)
{
    bool is_udp = finding->transport == SKYPEFP_UDP;
    const struct stream *stream = is_udp ? NULL : stream_of(finding);
    skypefp_near_miss row = {
        .rule = rule,
        .condition = condition,
        .transport = finding->transport,
        .src = is_udp ? skypefp_endpoint_address(finding->src) : key_address(&stream->key[INITIATOR]),
        .dst = is_udp ? skypefp_endpoint_address(finding->dst) : key_address(&stream->key[RESPONDER]),
        .first_frame = finding->frame,
        .first_us = finding->time_us,
        .n = 1,
    };

    g_array_append_val(listing->rows, row);
}

/* Another datagram, or conversation, with a condition that failed. */
static void add(struct listing *listing, const skypefp_finding *finding, const skypefp_rule *rule,
                const char *condition)
{
    struct kind kind = { finding->src, finding->dst, condition, rule };
    bool is_udp = finding->transport == SKYPEFP_UDP;
    guint row = is_udp ? GPOINTER_TO_UINT(g_hash_table_lookup(listing->row_of, &kind)) : 0;

    if (row > 0) {
        g_array_index(listing->rows, skypefp_near_miss, row - 1).n++;
        return;
    }
    add_row(listing, finding, rule, condition);
    if (is_udp) {
        g_hash_table_insert(listing->row_of, g_memdup2(&kind, sizeof kind), GUINT_TO_POINTER(listing->rows->len));
    }
}

static void add_finding(struct listing *listing, const skypefp_finding *finding)
{
    skypefp_sighting sighting = { .finding = finding, .frame = finding->frame, .time_us = finding->time_us };
    skypefp_judgement judgement;

    if (finding->transport == SKYPEFP_UDP && finding->src == NULL) {
        return; /* data: nothing in it can be checked */
    }
    skypefp_judge(listing->tracker, &sighting, &judgement);
    if (judgement.verdict != SKYPEFP_NONE && judgement.verdict >= listing->threshold) {
        return;
    }
    if (finding->near_miss != NULL) {
        add(listing, finding, skypefp_rule_at(finding->near_miss_rule), finding->near_miss);
    }
    if (judgement.reason != NULL) {
        add(listing, finding, NULL, judgement.reason);
    }
    if (judgement.unjudged != NULL) {
        add(listing, finding, NULL, judgement.unjudged);
    }
}

static void add_streams(struct listing *listing, const GQueue *streams)
{
    for (const GList *link = streams->head; link != NULL; link = link->next) {
        const struct stream *stream = link->data;
        add_finding(listing, &stream->finding);
    }
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
    const skypefp_near_miss *left = a, *right = b;

    return left->first_frame < right->first_frame ? -1 : left->first_frame > right->first_frame;
}

GArray *skypefp_near_misses(const skypefp_tracker *tracker, enum skypefp_verdict threshold)
{
    struct listing listing = {
        .tracker = tracker,
        .threshold = threshold,
        .rows = g_array_new(FALSE, FALSE, sizeof(skypefp_near_miss)),
        .row_of = g_hash_table_new_full(hash_kind, equal_kinds, g_free, NULL),
    };

    if (tracker != NULL && tracker->near_misses) {
        for (const skypefp_finding *finding = tracker->findings.oldest; finding != NULL; finding = finding->newer) {
            add_finding(&listing, finding);
        }
        add_streams(&listing, &tracker->streams.kept);
        add_streams(&listing, &tracker->streams.watched);
        g_array_sort(listing.rows, compare_rows);
    }
    g_hash_table_destroy(listing.row_of);
    return listing.rows;
}
