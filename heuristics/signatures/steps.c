/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the positions of Skype's generator on one port. */
#include "steps.h"

#include "generator.h"
#include "times.h"

enum { WINDOW = 64, WINDOW_PER_SECOND = 128, US_PER_SECOND = 1000000 };
#define MAX_WINDOW ((uint64_t)1 << 31)

/* Steps that the generator may have made since a position was seen. A clock that runs backwards counts as standing. */
static uint64_t window_after(int64_t from_us, int64_t to_us)
{
    if (to_us <= from_us) {
        return WINDOW;
    }
    uint64_t passed_us = (uint64_t)to_us - (uint64_t)from_us;

    return MIN(WINDOW + passed_us / US_PER_SECOND * WINDOW_PER_SECOND +
                   passed_us % US_PER_SECOND * WINDOW_PER_SECOND / US_PER_SECOND,
               MAX_WINDOW);
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

/* Tries the last positions, the latest first. Returns the index of the one that fits, or -1; *sum: of the windows
 * tried. */
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

static int find_copy(const struct steps *steps, uint32_t position)
{
    for (unsigned i = 0; i < steps->n; i++) {
        if (steps->last[i].position == position) {
            return (int)i;
        }
    }
    return -1;
}

/* Puts a position first; it takes the place of the one at an index, or of the oldest. */
static void remember(struct steps *steps, int index, uint32_t position, int64_t time_us, struct finding_name name)
{
    unsigned n_moved = index >= 0 ? (unsigned)index : MIN(steps->n, MAX_POSITIONS - 1u);

    memmove(&steps->last[1], &steps->last[0], n_moved * sizeof steps->last[0]);
    steps->last[0].position = position;
    steps->last[0].time_us = time_us;
    steps->last[0].name = name;
    if (index < 0 && steps->n < MAX_POSITIONS) {
        steps->n++;
    }
}

static bool is_within_an_hour(int64_t from_us, int64_t to_us)
{
    return to_us <= from_us || (uint64_t)to_us - (uint64_t)from_us <= (uint64_t)HOUR_US;
}

static struct step_match match_at(const struct steps *steps, int index, uint32_t position, int64_t time_us,
                                  uint64_t sum)
{
    struct step_match match = { 0 };
    uint8_t bits = bits_of_sum(sum);

    match.has_neighbour = steps->n > 0 && is_within_an_hour(steps->last[0].time_us, time_us);
    if (steps->n > 0) {
        match.earlier = steps->last[MAX(index, 0)].name;
    }
    if (index >= 0) {
        match.bits = bits >= MIN_STEPS_BITS ? bits : 0;
        match.steps = position - steps->last[index].position;
        match.fits = is_within_an_hour(steps->last[index].time_us, time_us);
    }
    return match;
}

/* The index of one of the last positions that is shortly after this one, whose message was overtaken; -1: none. */
static int find_later(const struct steps *steps, uint32_t position, int64_t time_us)
{
    for (unsigned i = 0; i < steps->n; i++) {
        if (is_within_an_hour(steps->last[i].time_us, time_us) &&
            (uint32_t)(steps->last[i].position - position) <= window_after(steps->last[i].time_us, time_us)) {
            return (int)i;
        }
    }
    return -1;
}

struct step_match skypefp_steps_observe(struct steps *steps, uint32_t number, int64_t time_us, struct finding_name name)
{
    uint32_t position = skypefp_generator_position(number);
    int copy = find_copy(steps, position);
    uint64_t sum;

    if (copy >= 0) {
        return (struct step_match){ .is_copy = true, .earlier = steps->last[copy].name };
    }
    int index = try_positions(steps, position, time_us, &sum);
    struct step_match match = match_at(steps, index, position, time_us, steps->tried + sum);
    int later = match.fits ? -1 : find_later(steps, position, time_us);
    if (later >= 0) {
        match.fits = true;
        match.earlier = steps->last[later].name;
    }
    steps->tried = index >= 0 ? 0 : steps->tried + sum;
    remember(steps, index, position, time_us, name);
    return match;
}

struct step_match skypefp_steps_compare(const struct steps *steps, uint32_t number, int64_t time_us)
{
    struct steps copy = *steps;

    copy.tried = 0; /* misses are counted for numbers of the port's own alone */
    return skypefp_steps_observe(&copy, number, time_us, (struct finding_name){ 0 });
}
