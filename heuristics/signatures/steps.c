/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the positions of Skype's generator on one port. */
#include "steps.h"

#include "generator.h"

#include <glib.h>
#include <string.h>

enum { WINDOW = 64, WINDOW_PER_SECOND = 128, US_PER_SECOND = 1000000 };
#define MAX_WINDOW ((uint64_t)1 << 31)

/* Steps that the generator may have made since a position was seen. A clock that runs backwards counts as standing. */
static uint64_t window_after(int64_t from_us, int64_t to_us)
{
    if (to_us <= from_us) {
        return WINDOW;
    }
    uint64_t elapsed_us = (uint64_t)to_us - (uint64_t)from_us;

    return MIN(WINDOW + elapsed_us / US_PER_SECOND * WINDOW_PER_SECOND +
               elapsed_us % US_PER_SECOND * WINDOW_PER_SECOND / US_PER_SECOND, MAX_WINDOW);
}

/* 32 - log2(sum), rounded down. */
static uint8_t bits_of_sum(uint64_t sum)
{
    uint8_t bits = 32;

    while (bits > 0 && sum > (uint64_t)1 << (32 - bits)) {
        bits--;
    }
    return bits;
}

/* Tries the last positions, the latest first. Returns the index of the one that fits, or -1; *sum: of the windows tried. */
static int try_positions(const struct steps *steps, uint32_t position, int64_t time_us, uint64_t *sum)
{
    *sum = 0;
    for (unsigned i = 0; i < steps->n; i++) {
        uint64_t window = window_after(steps->last[i].time_us, time_us);
        *sum += window;
        if ((uint32_t)(position - steps->last[i].position) <= window) {
            return (int)i;
        }
    }
    return -1;
}

static bool is_known(const struct steps *steps, uint32_t position)
{
    for (unsigned i = 0; i < steps->n; i++) {
        if (steps->last[i].position == position) {
            return true;
        }
    }
    return false;
}

/* Puts a position first; it takes the place of the one at an index, or of the oldest. */
static void remember(struct steps *steps, int index, uint32_t position, int64_t time_us, uint32_t frame)
{
    unsigned n_moved = index >= 0 ? (unsigned)index : MIN(steps->n, MAX_POSITIONS - 1u);

    memmove(&steps->last[1], &steps->last[0], n_moved * sizeof steps->last[0]);
    steps->last[0].position = position;
    steps->last[0].time_us = time_us;
    steps->last[0].frame = frame;
    if (index < 0 && steps->n < MAX_POSITIONS) {
        steps->n++;
    }
}

static struct step_match match_at(const struct steps *steps, int index, uint32_t position, uint64_t sum)
{
    struct step_match match = { 0 };
    uint8_t bits = bits_of_sum(sum);

    if (index >= 0 && bits >= MIN_STEPS_BITS) {
        match.bits = bits;
        match.steps = position - steps->last[index].position;
        match.frame = steps->last[index].frame;
    }
    return match;
}

struct step_match skypefp_steps_observe(struct steps *steps, uint32_t number, int64_t time_us, uint32_t frame)
{
    uint32_t position = skypefp_generator_position(number);
    uint64_t sum;

    if (is_known(steps, position)) {
        return (struct step_match){ 0 };
    }
    int index = try_positions(steps, position, time_us, &sum);
    struct step_match match = match_at(steps, index, position, steps->tried + sum);
    steps->tried = index >= 0 ? 0 : steps->tried + sum;
    remember(steps, index, position, time_us, frame);
    return match;
}

struct step_match skypefp_steps_compare(const struct steps *steps, uint32_t number, int64_t time_us)
{
    uint32_t position = skypefp_generator_position(number);
    uint64_t sum;

    if (is_known(steps, position)) {
        return (struct step_match){ 0 };
    }
    int index = try_positions(steps, position, time_us, &sum);
    return match_at(steps, index, position, sum);
}
