/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up a capture's findings: endpoints, hosts, conversations, counts. */
#include "summary.h"

#include "conversation_rows.h"
#include "tracker.h"

/* The sums while they are made. */
struct adding {
    const skypefp_tracker *tracker;
    skypefp_summary *summary;
    struct endpoint_rows ends;
    struct conversation_rows conversations;
    GArray *halves; /* skypefp_half */
};

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

    skypefp_judge(adding->tracker, &sighting, &judgement);
    adding->conversations.packets[judgement.verdict] += finding->n_packets;
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        adding->summary->rule_hits[evidence->rule]++;
    }
    skypefp_rows_add_finding(&adding->ends, finding);
    skypefp_rows_add_conversation(&adding->conversations, finding, &judgement);
    if (judgement.verdict == SKYPEFP_NONE || judgement.verdict < adding->conversations.threshold) {
        return;
    }
    skypefp_rows_add_traffic(&adding->ends, finding);
    if (finding->transport == SKYPEFP_UDP) {
        adding->conversations.functions[finding->function % SKYPEFP_N_FUNCTIONS]++;
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
            skypefp_rows_find_contact(&adding->conversations, &pair->contact);
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
    skypefp_rows_complete_hosts(&adding->ends);
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

/* The elements of an array, and how many there are. */
static void *take(GArray *array, unsigned *n)
{
    *n = array->len;
    return g_array_free(array, FALSE);
}

static void finish(struct adding *adding)
{
    skypefp_summary *summary = adding->summary;

    skypefp_rows_finish(&adding->ends);
    summary->endpoints = take(adding->ends.endpoints, &summary->n_endpoints);
    summary->hosts = take(adding->ends.hosts, &summary->n_hosts);
    summary->conversations = take(skypefp_conversation_rows_finish(&adding->conversations), &summary->n_conversations);
    summary->halves = take(adding->halves, &summary->n_halves);
    memcpy(summary->packets, adding->conversations.packets, sizeof summary->packets);
    memcpy(summary->functions, adding->conversations.functions, sizeof summary->functions);
    index_endpoints(summary);
}

skypefp_summary *skypefp_summarize(const skypefp_tracker *tracker, enum skypefp_verdict threshold)
{
    struct adding adding = {
        .tracker = tracker,
        .summary = g_new0(skypefp_summary, 1),
        .ends = skypefp_rows_begin(tracker),
        .halves = g_array_new(FALSE, FALSE, sizeof(skypefp_half)),
    };

    adding.conversations = skypefp_conversation_rows_begin(threshold, &adding.ends);
    adding.summary->rule_hits = g_new0(uint32_t, skypefp_n_rules());
    if (tracker != NULL) {
        adding.summary->hash_key = tracker->endpoints.hash_key;
        add_findings(&adding);
    }
    finish(&adding);
    return adding.summary;
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
