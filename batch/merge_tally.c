/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up the evidence of one rule over captures, and no time twice: weighted interval scheduling. */
#include "merge_tally.h"

/* The sums of one capture. */
struct part {
    skypefp_tally tally;
    guint capture;
    gint64 first_us, last_us;
    guint n_before; /* parts that end before it begins */
    guint64 best;   /* largest sum over it and the parts before it */
};

/* By rule and capture; then in the order of time. */
static gint compare_showings(gconstpointer a, gconstpointer b)
{
    const struct showing *left = a, *right = b;

    return left->tally.rule != right->tally.rule ? left->tally.rule - right->tally.rule
           : left->capture != right->capture     ? (left->capture < right->capture ? -1 : 1)
                                                 : (left->number > right->number) - (left->number < right->number);
}

static gint compare_parts(gconstpointer a, gconstpointer b)
{
    const struct part *left = a, *right = b;

    return left->last_us != right->last_us     ? (left->last_us < right->last_us ? -1 : 1)
           : left->first_us != right->first_us ? (left->first_us < right->first_us ? -1 : 1)
                                               : (left->capture > right->capture) - (left->capture < right->capture);
}

/* A part for each capture in showings [begin, end) of one rule. */
static GArray *make_parts(const GArray *showings, guint begin, guint end)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct part));

    for (guint i = begin; i < end; i++) {
        const struct showing *showing = &g_array_index(showings, struct showing, i);
        struct part fresh = {
            .tally = showing->tally,
            .capture = showing->capture,
            .first_us = showing->span.is_known ? showing->span.first_us : G_MININT64,
            .last_us = showing->span.is_known ? showing->span.last_us : G_MAXINT64,
        };
        struct part *last = parts->len > 0 ? &g_array_index(parts, struct part, parts->len - 1) : NULL;
        if (last != NULL && last->capture == fresh.capture) {
            skypefp_tally_join(&last->tally, &fresh.tally);
            last->first_us = MIN(last->first_us, fresh.first_us);
            last->last_us = MAX(last->last_us, fresh.last_us);
        } else {
            g_array_append_val(parts, fresh);
        }
    }
    return parts;
}

/* How many of the first n parts, which are sorted by their end, end before a time. */
static guint count_before(const GArray *parts, guint n, gint64 time_us)
{
    guint low = 0, high = n;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(parts, struct part, middle).last_us < time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The largest sum over the first n parts. */
static guint64 best_of(const GArray *parts, guint n)
{
    return n > 0 ? g_array_index(parts, struct part, n - 1).best : 0;
}

static guint64 with_part(const GArray *parts, guint i)
{
    const struct part *part = &g_array_index(parts, struct part, i);

    return part->tally.total_bits + best_of(parts, part->n_before);
}

/* Sums the hits and bits of the parts without overlap that give the most. */
static void add_parts(GArray *parts, skypefp_tally *sum)
{
    g_array_sort(parts, compare_parts);
    for (guint i = 0; i < parts->len; i++) {
        struct part *part = &g_array_index(parts, struct part, i);
        part->n_before = count_before(parts, i, part->first_us);
        part->best = MAX(with_part(parts, i), best_of(parts, i));
    }
    for (guint n = parts->len; n > 0;) {
        if (with_part(parts, n - 1) >= best_of(parts, n - 1)) {
            skypefp_tally_join(sum, &g_array_index(parts, struct part, n - 1).tally);
            n = g_array_index(parts, struct part, n - 1).n_before;
        } else {
            n--;
        }
    }
}

static struct merged_tally merge_rule(const GArray *showings, guint begin, guint end)
{
    const struct showing *first = &g_array_index(showings, struct showing, begin);
    GArray *parts = make_parts(showings, begin, end);
    uint8_t best_bits = 0;

    for (guint i = begin; i < end; i++) {
        const struct showing *showing = &g_array_index(showings, struct showing, i);
        first = showing->number < first->number ? showing : first;
        best_bits = MAX(best_bits, showing->tally.best_bits);
    }
    struct merged_tally merged = {
        .tally = { .rule = first->tally.rule, .first_frame = first->tally.first_frame },
        .capture = first->capture,
        .n_captures = parts->len,
    };
    add_parts(parts, &merged.tally);
    merged.tally.best_bits = best_bits;
    g_array_unref(parts);
    return merged;
}

GArray *merge_tallies(GArray *showings)
{
    GArray *tallies = g_array_new(FALSE, FALSE, sizeof(struct merged_tally));
    guint begin = 0;

    g_array_sort(showings, compare_showings);
    for (guint i = 1; i <= showings->len; i++) {
        if (i == showings->len || g_array_index(showings, struct showing, i).tally.rule !=
                                      g_array_index(showings, struct showing, begin).tally.rule) {
            struct merged_tally merged = merge_rule(showings, begin, i);
            g_array_append_val(tallies, merged);
            begin = i;
        }
    }
    return tallies;
}
