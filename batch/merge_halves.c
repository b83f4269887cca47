/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the halves of a proof that lie in two captures, by bisection. */
#include "merge_halves.h"

/* Of the facades up to one in the order of their begin: the latest end, and the latest one in another capture. */
struct latest {
    guint capture;
    gint64 last_us, other_us; /* G_MININT64: none */
};

static gint64 begin_of(const struct half *half)
{
    return half->span.is_known ? half->span.first_us : G_MININT64;
}

static gint64 end_of(const struct half *half)
{
    return half->span.is_known ? half->span.last_us : G_MAXINT64;
}

static gint compare_begins(gconstpointer a, gconstpointer b)
{
    gint64 left = begin_of(a), right = begin_of(b);

    return (left > right) - (left < right);
}

static GArray *find_latest(const GArray *facades)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct latest));
    struct latest latest = { .last_us = G_MININT64, .other_us = G_MININT64 };

    for (guint i = 0; i < facades->len; i++) {
        const struct half *facade = &g_array_index(facades, struct half, i);
        gint64 last_us = end_of(facade);
        if (i == 0 || facade->capture == latest.capture) {
            latest.capture = facade->capture;
            latest.last_us = MAX(latest.last_us, last_us);
        } else if (last_us > latest.last_us) {
            latest = (struct latest){ facade->capture, last_us, latest.last_us };
        } else {
            latest.other_us = MAX(latest.other_us, last_us);
        }
        g_array_append_val(all, latest);
    }
    return all;
}

/* How many facades begin at a time or before. */
static guint count_until(const GArray *facades, gint64 time_us)
{
    guint low = 0, high = facades->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (begin_of(&g_array_index(facades, struct half, middle)) <= time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool has_facade(const GArray *facades, const GArray *all, const struct half *answer, gint64 gap_us)
{
    guint n = count_until(facades, answer->span.is_known ? answer->span.last_us + gap_us : G_MAXINT64);
    gint64 from_us = answer->span.is_known ? answer->span.first_us - gap_us : G_MININT64 + 1;

    if (n == 0) {
        return false;
    }
    const struct latest *latest = &g_array_index(all, struct latest, n - 1);
    return (latest->capture != answer->capture ? latest->last_us : latest->other_us) >= from_us;
}

const struct half *merge_find_half(GArray *facades, const GArray *answers, gint64 gap_us)
{
    const struct half *found = NULL;

    g_array_sort(facades, compare_begins);
    GArray *all = find_latest(facades);
    for (guint i = 0; i < answers->len && found == NULL; i++) {
        const struct half *answer = &g_array_index(answers, struct half, i);
        found = has_facade(facades, all, answer, gap_us) ? answer : NULL;
    }
    g_array_unref(all);
    return found;
}
