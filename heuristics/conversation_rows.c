/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a summary that stand for conversations. */
#include "conversation_rows.h"

#include "open_spans.h"
#include "tracker.h"

static void raise_verdict(skypefp_conversation_summary *sums, enum skypefp_verdict verdict, int bits, uint32_t proof,
                          const skypefp_endpoint *endpoint)
{
    if (verdict > sums->verdict) {
        sums->verdict = verdict;
        sums->bits = bits;
        sums->proof = proof;
        sums->proof_us = skypefp_proof_time(endpoint, proof);
    }
}

static void note_frames(skypefp_conversation_summary *sums, uint32_t first_frame, uint32_t last_frame)
{
    sums->first_frame = sums->first_frame == 0 ? first_frame : MIN(sums->first_frame, first_frame);
    sums->last_frame = MAX(sums->last_frame, last_frame);
}

enum { PARTS = 64 };

/* The part of a conversation that a time falls in; times of a hostile capture may be anything. */
static int part_of(const skypefp_conversation_summary *sums, int64_t time_us)
{
    double length = MAX((double)sums->last_us - (double)sums->first_us + 1, 1);

    return (int)CLAMP(((double)time_us - (double)sums->first_us) / length * (double)PARTS, 0, PARTS - 1);
}

/* The bits of the parts that a stretch of time touches. */
static uint64_t parts_of(const skypefp_conversation_summary *sums, int64_t from_us, int64_t to_us)
{
    int from = part_of(sums, from_us), to = MAX(part_of(sums, to_us), from);

    return UINT64_MAX >> from & UINT64_MAX << (PARTS - 1 - to);
}

/* The data messages of a pair, run by run. */
static void add_runs(struct conversation_rows *rows, const struct pair *pair, skypefp_conversation_summary *sums)
{
    for (unsigned i = 0; pair->runs != NULL && i < pair->runs->len; i++) {
        const struct data_run *run = &g_array_index(pair->runs, struct data_run, i);
        struct opening opening = skypefp_pair_run_opening(pair, run);
        uint32_t n = run->n_data - MIN(run->n_findings, run->n_data);
        rows->packets[opening.verdict] += n;
        if (opening.by == NULL || n == 0) {
            continue;
        }
        raise_verdict(sums, opening.verdict, skypefp_own_bits(opening.by), opening.by->proof_frame, opening.by);
        note_frames(sums, run->first_frame, run->last_frame);
        if (opening.verdict >= rows->threshold) {
            sums->data |= parts_of(sums, run->begin_us, run->end_us);
            sums->n_marked += n;
            rows->functions[SKYPEFP_FN_DATA] += n;
        }
    }
}

skypefp_conversation_summary *skypefp_rows_find_contact(struct conversation_rows *rows, const skypefp_contact *contact)
{
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(rows->contact_row, contact));

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
        add_runs(rows, pair_of(contact), &fresh);
        g_array_append_val(rows->conversations, fresh);
        row = rows->conversations->len;
        g_hash_table_insert(rows->contact_row, (void *)(uintptr_t)contact, GUINT_TO_POINTER(row));
    }
    return &g_array_index(rows->conversations, skypefp_conversation_summary, row - 1);
}

/* A side whose evidence is not in the table of endpoints. */
static const skypefp_endpoint *own_side(const skypefp_endpoint *endpoint)
{
    return endpoint != NULL && endpoint->is_initiator && endpoint->tallies != NULL ? endpoint : NULL;
}

static skypefp_conversation_summary *begin_stream(struct conversation_rows *rows, const skypefp_finding *finding)
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

    g_array_append_val(rows->conversations, fresh);
    return &g_array_index(rows->conversations, skypefp_conversation_summary, rows->conversations->len - 1);
}

void skypefp_rows_add_conversation(struct conversation_rows *rows, const skypefp_finding *finding,
                                   const skypefp_judgement *judgement)
{
    if (judgement->verdict == SKYPEFP_NONE) {
        return;
    }
    skypefp_conversation_summary *sums = finding->transport == SKYPEFP_UDP
                                             ? skypefp_rows_find_contact(rows, finding->contact)
                                             : begin_stream(rows, finding);
    raise_verdict(sums, judgement->verdict, judgement->bits, judgement->proof, judgement->endpoint);
    note_frames(sums, finding->frame, finding->last_frame);
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        sums->rules |= (uint64_t)1 << evidence->rule % 64;
    }
    if (judgement->verdict >= rows->threshold) {
        sums->n_marked += finding->n_packets;
        sums->active |= parts_of(sums, finding->time_us, finding->time_us);
        skypefp_host_summary *host =
            finding->transport == SKYPEFP_UDP
                ? NULL
                : skypefp_rows_add_to_host(rows->ends, finding->src, judgement->verdict, judgement->bits,
                                           finding->frame, finding->last_frame);
        if (host != NULL) {
            host->n_conversations++;
        }
    }
}

/* ---- the whole ---- */

static gint compare_conversations(gconstpointer a, gconstpointer b)
{
    const skypefp_conversation_summary *left = a, *right = b;

    return left->first_frame < right->first_frame ? -1 : left->first_frame > right->first_frame;
}

struct conversation_rows skypefp_conversation_rows_begin(enum skypefp_verdict threshold, struct endpoint_rows *ends)
{
    return (struct conversation_rows){
        .threshold = threshold,
        .ends = ends,
        .conversations = g_array_new(FALSE, FALSE, sizeof(skypefp_conversation_summary)),
        .contact_row = g_hash_table_new(NULL, NULL),
    };
}

GArray *skypefp_conversation_rows_finish(struct conversation_rows *rows)
{
    g_array_sort(rows->conversations, compare_conversations);
    g_hash_table_destroy(rows->contact_row);
    return rows->conversations;
}
