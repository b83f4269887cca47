/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What narrowly was not Skype: conditions of rules that failed, and messages that are not marked though an end is
 * proven. Noted only with config.near_misses. They are no evidence, for or against. */
#ifndef SKYPEFP_NEAR_MISSES_H
#define SKYPEFP_NEAR_MISSES_H

#include "address.h"
#include "skypefp.h"

/* One condition between two endpoints on UDP, or in one TCP conversation. */
typedef struct skypefp_near_miss {
    const skypefp_rule *rule; /* that did not fire; NULL: the condition is not a rule's */
    const char *condition;    /* what failed, for people; never freed */
    enum skypefp_transport transport;
    skypefp_address src, dst; /* of the packet, or who began the conversation; the tracker's */
    uint32_t first_frame;
    int64_t first_us; /* its time */
    uint32_t n;       /* datagrams, or one conversation */
} skypefp_near_miss;

/* All of a capture, of what is not marked from the threshold on, in the order of their first frames; free it with
 * g_array_unref(). Linear in the findings. */
GArray *skypefp_near_misses(const skypefp_tracker *tracker, enum skypefp_verdict threshold);

#endif
