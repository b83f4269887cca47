/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stretches of time in an array, in the order of their begin. */
#ifndef SKYPEFP_STRETCHES_H
#define SKYPEFP_STRETCHES_H

#include <glib.h>
#include <string.h>

/* The index of the last of n stretches that begin at or before a time, by bisection; n: none. size: of one; it
 * starts with its begin at an offset. */
static inline unsigned last_before(const GArray *stretches, size_t size, size_t at, int64_t time_us)
{
    unsigned low = 0, high = stretches != NULL ? stretches->len : 0, n = high;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        int64_t begin_us;
        memcpy(&begin_us, stretches->data + size * middle + at, sizeof begin_us);
        if (begin_us <= time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : n;
}

#endif
