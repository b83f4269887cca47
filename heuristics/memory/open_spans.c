/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a pair is open: the spans that checked messages open, and the runs of data that carry them on. */
#include "open_spans.h"

#include "message.h"
#include "stretches.h"
#include "times.h"

enum { OPEN_MINUTES = 10 };

void skypefp_pair_open(struct pair *pair, unsigned side, skypefp_endpoint *by, int64_t time_us)
{
    struct span fresh = {
        .by = by,
        .from_us = shifted_us(time_us, -OPEN_MINUTES * MINUTE_US),
        .to_us = shifted_us(time_us, OPEN_MINUTES * MINUTE_US),
    };

    if (pair->spans[side] == NULL) {
        pair->spans[side] = g_array_new(FALSE, FALSE, sizeof(struct span));
    }
    GArray *spans = pair->spans[side];
    unsigned i = last_before(spans, sizeof fresh, offsetof(struct span, from_us), fresh.from_us);
    struct span *before = i < spans->len ? &g_array_index(spans, struct span, i) : NULL;

    if (before != NULL && before->by == by && fresh.from_us <= before->to_us) {
        before->to_us = MAX(before->to_us, fresh.to_us);
        return;
    }
    unsigned place = before != NULL ? i + 1 : 0;
    if (skypefp_pair_add_stretch(pair, spans)) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a full array has elements. */
        skypefp_endpoint_unref(g_array_index(spans, struct span, 0).by);
        g_array_remove_index(spans, 0);
        place -= place > 0;
    }
    skypefp_endpoint_ref(by);
    g_array_insert_val(spans, place, fresh);
}

static void take_span(const struct span *span, struct opening *opening)
{
    enum skypefp_verdict verdict = skypefp_own_verdict(span->by);

    if (verdict >= SKYPEFP_LIKELY && verdict > opening->verdict) {
        *opening = (struct opening){ span->by, verdict };
    }
}

/* Takes the spans of one end that overlap [from, to]; whole: that hold all of it. One tenancy's follow one another,
 * so those before the last few end too early, unless the capture's clock ran backwards. */
static void search_spans(const GArray *spans, int64_t from_us, int64_t to_us, bool whole, struct opening *opening)
{
    enum { MAX_BACK = 4 };
    unsigned i = last_before(spans, sizeof(struct span), offsetof(struct span, from_us), whole ? from_us : to_us);

    for (unsigned n = 0; spans != NULL && i < spans->len && n < MAX_BACK; i--, n++) {
        const struct span *span = &g_array_index(spans, struct span, i);
        if (span->to_us >= (whole ? to_us : from_us)) {
            take_span(span, opening);
        }
    }
}

static struct opening find_opening(const struct pair *pair, int64_t from_us, int64_t to_us, bool whole)
{
    struct opening opening = { 0 };

    search_spans(pair->spans[0], from_us, to_us, whole, &opening);
    search_spans(pair->spans[1], from_us, to_us, whole, &opening);
    return opening;
}

struct opening skypefp_pair_run_opening(const struct pair *pair, const struct data_run *run)
{
    struct opening closed = { 0 };

    if (skypefp_run_is_constant(run)) {
        return closed;
    }
    return find_opening(pair, run->begin_us, run->end_us, !skypefp_run_is_call(run));
}

struct opening skypefp_pair_data_opening(const struct pair *pair, int64_t time_us)
{
    const struct data_run *run = skypefp_pair_run_at(pair, time_us);

    return run != NULL && time_us <= run->end_us ? skypefp_pair_run_opening(pair, run) : (struct opening){ 0 };
}

struct opening skypefp_pair_opening(const struct pair *pair, int64_t time_us)
{
    struct opening opening = find_opening(pair, time_us, time_us, true);
    const struct data_run *run = opening.by == NULL ? skypefp_pair_run_at(pair, time_us) : NULL;

    if (run != NULL && time_us <= run->end_us) {
        opening = skypefp_pair_run_opening(pair, run);
    }
    return opening;
}

/* ---- what a report says ---- */

enum skypefp_verdict skypefp_contact_verdict(const skypefp_contact *contact)
{
    const struct pair *pair = pair_of(contact);
    struct opening opening = { 0 };

    for (unsigned side = 0; side < 2; side++) {
        for (unsigned i = 0; pair->spans[side] != NULL && i < pair->spans[side]->len; i++) {
            take_span(&g_array_index(pair->spans[side], struct span, i), &opening);
        }
    }
    return opening.verdict;
}
