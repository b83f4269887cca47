/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A facade in one capture and a binary answer in another: together they are tcp.garbage_answer. */
#ifndef BATCH_MERGE_HALVES_H
#define BATCH_MERGE_HALVES_H

#include "merge_time.h"

/* One of the two. */
struct half {
    guint capture;
    guint32 frame;
    struct span span;
};

/* The first answer that a facade of another capture is near, up to a gap; NULL: none. Both: struct half; the facades
 * are sorted. Halves without times are near to all. */
const struct half *merge_find_half(GArray *facades, const GArray *answers, gint64 gap_us);

#endif
