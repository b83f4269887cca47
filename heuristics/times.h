/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Differences of capture times, which a hostile capture may set to anything. */
#ifndef SKYPEFP_TIMES_H
#define SKYPEFP_TIMES_H

#include <stdint.h>

#define SECOND_US ((int64_t)1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)

/* Microseconds from one time to another; negative when the clock ran backwards. Held at the ends of the range. */
static inline int64_t elapsed_us(int64_t from_us, int64_t to_us)
{
    int64_t elapsed;

    if (!__builtin_sub_overflow(to_us, from_us, &elapsed)) {
        return elapsed;
    }
    return to_us > from_us ? INT64_MAX : INT64_MIN;
}

/* A time moved by some microseconds, held at the ends of the range. */
static inline int64_t shifted_us(int64_t time_us, int64_t by_us)
{
    int64_t shifted;

    if (!__builtin_add_overflow(time_us, by_us, &shifted)) {
        return shifted;
    }
    return by_us > 0 ? INT64_MAX : INT64_MIN;
}

#endif
