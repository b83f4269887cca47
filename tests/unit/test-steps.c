/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of a generator: windows, bits, reordering, restarts, clocks, and what a miss costs. */
#include "generator.h"
#include "steps.h"

#include <glib.h>

enum { START = 0x3c1d70a5, OTHER_START = 0x77777777 };
#define SECOND ((int64_t)1000000)

static uint32_t walk(uint32_t x, unsigned steps)
{
    while (steps-- > 0) {
        x = skypefp_generator_next(x);
    }
    return x;
}

static struct finding_name frame(uint32_t number)
{
    return (struct finding_name){ number, 0 };
}

/* Bits for a number so many steps and microseconds behind the only one there was. */
static uint8_t bits_after(unsigned n_steps, int64_t elapsed_us)
{
    struct steps steps = { .n = 0 };

    g_assert_cmpuint(skypefp_steps_observe(&steps, START, 7 * SECOND, frame(1)).bits, ==, 0);
    struct step_match match = skypefp_steps_observe(&steps, walk(START, n_steps), 7 * SECOND + elapsed_us, frame(2));
    if (match.bits > 0) {
        g_assert_cmpuint(match.steps, ==, n_steps);
        g_assert_cmpuint(match.earlier.frame, ==, 1);
    }
    return match.bits;
}

static void test_window(void)
{
    g_assert_cmpuint(bits_after(1, 0), ==, 26);
    g_assert_cmpuint(bits_after(64, 0), ==, 26);
    g_assert_cmpuint(bits_after(65, 0), ==, 0);
    g_assert_cmpuint(bits_after(64 + 128, SECOND), ==, 24);
    g_assert_cmpuint(bits_after(64 + 129, SECOND), ==, 0);
    g_assert_cmpuint(bits_after(64 + 128, SECOND - 1), ==, 0);
    g_assert_cmpuint(bits_after(0, 0), ==, 0);
    g_assert_cmpuint(bits_after(64, -SECOND), ==, 26); /* a clock that runs backwards stands still */
    g_assert_cmpuint(bits_after(65, -SECOND), ==, 0);
}

/* 32 - log2(64 + 128 x seconds), rounded down: one step of window more than a power of two costs a bit. */
static void test_bits_round_down(void)
{
    g_assert_cmpuint(bits_after(1, SECOND / 2), ==, 25);            /* 128 */
    g_assert_cmpuint(bits_after(1, SECOND / 2 + 7813), ==, 24);     /* 129 */
    g_assert_cmpuint(bits_after(1, 7 * SECOND / 2), ==, 23);        /* 512 */
    g_assert_cmpuint(bits_after(1, 7 * SECOND / 2 + 7813), ==, 22); /* 513 */
    g_assert_cmpuint(bits_after(1, 511 * SECOND), ==, 16);
    g_assert_cmpuint(bits_after(1, 512 * SECOND), ==, 15);
}

/* After so long that nearly everything fits, a fit says nothing; the largest times overflow nowhere. */
static void test_long_silence(void)
{
    struct steps steps = { .n = 0 };

    g_assert_cmpuint(bits_after(1, 131071 * SECOND), ==, MIN_STEPS_BITS);
    g_assert_cmpuint(bits_after(1, 131072 * SECOND), ==, 0);
    skypefp_steps_observe(&steps, START, INT64_MIN, frame(1));
    g_assert_cmpuint(skypefp_steps_observe(&steps, walk(START, 1), INT64_MAX, frame(2)).bits, ==, 0);
}

/* The number after any number of steps: squaring the map doubles them. */
static uint32_t jump(uint32_t x, uint32_t steps)
{
    uint32_t multiplier = SKYPEFP_GENERATOR_MULTIPLIER, increment = SKYPEFP_GENERATOR_INCREMENT;

    for (unsigned bit = 0; bit < 32; bit++) {
        x = steps >> bit & 1 ? x * multiplier + increment : x;
        increment += multiplier * increment;
        multiplier *= multiplier;
    }
    return x;
}

/* After months half of the cycle fits, and no more than that: then the number takes the place of the one before, and
 * costs nothing. */
static void test_largest_window(void)
{
    enum { MONTHS = 120 * 24 * 3600 }; /* 128 steps a second are more than 2^30 */
    static const struct {
        uint32_t n_steps;
        uint8_t bits;
    } cases[] = { { 0x50000000, 26 }, { 0x80000001, 0 } };

    g_assert_cmpuint(jump(START, 1000), ==, walk(START, 1000));
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct steps steps = { .n = 0 };
        uint32_t later = jump(START, cases[i].n_steps);
        skypefp_steps_observe(&steps, START, 0, frame(1));
        g_assert_cmpuint(skypefp_steps_observe(&steps, later, 2 * MONTHS * SECOND, frame(2)).bits, ==, 0);
        g_assert_cmpuint(skypefp_steps_observe(&steps, walk(later, 1), 2 * MONTHS * SECOND, frame(3)).bits, ==,
                         cases[i].bits);
    }
}

/* A number is checked against those of the last hour alone. */
static void test_neighbours(void)
{
    static const struct {
        int64_t elapsed_us;
        bool is_near;
    } cases[] = {
        { 3600 * SECOND, true },
        { 3600 * SECOND + 1, false },
        { -7200 * SECOND, true },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct steps steps = { .n = 0 };
        g_assert_false(skypefp_steps_observe(&steps, START, 0, frame(1)).has_neighbour);
        struct step_match match = skypefp_steps_compare(&steps, walk(START, 1), cases[i].elapsed_us);
        g_assert_true(match.fits == cases[i].is_near && match.has_neighbour == cases[i].is_near);
        match = skypefp_steps_compare(&steps, OTHER_START, cases[i].elapsed_us);
        g_assert_true(!match.fits && match.has_neighbour == cases[i].is_near);
    }
}

static void test_reordering(void)
{
    struct steps steps = { .n = 0 };

    skypefp_steps_observe(&steps, START, 0, frame(1));
    g_assert_cmpuint(skypefp_steps_observe(&steps, walk(START, 2), 0, frame(2)).bits, ==, 26);
    g_assert_cmpuint(skypefp_steps_observe(&steps, walk(START, 1), 0, frame(3)).bits, ==, 0); /* behind the last one */
    struct step_match match = skypefp_steps_observe(&steps, walk(START, 3), 0, frame(4));
    g_assert_cmpuint(match.bits, ==, 25); /* one window missed, one hit: 128 */
    g_assert_cmpuint(match.steps, ==, 2);
    g_assert_cmpuint(match.earlier.frame, ==, 3); /* the latest is tried first */
}

/* Every window tried since the last hit counts: 64 x (1 + 2 + 3) missed, and then hits. */
static void test_misses_accumulate(void)
{
    struct steps steps = { .n = 0 };
    uint32_t strange[] = { 0x10000001, 0x20000002, 0x30000003 };

    skypefp_steps_observe(&steps, START, 0, frame(1));
    for (unsigned i = 0; i < G_N_ELEMENTS(strange); i++) {
        g_assert_cmpuint(skypefp_steps_observe(&steps, strange[i], 0, frame(2 + i)).bits, ==, 0);
    }
    g_assert_cmpuint(steps.tried, ==, 384); /* 64 x 6 */
    g_assert_cmpuint(skypefp_steps_observe(&steps, walk(strange[2], 1), 0, frame(5)).bits, ==,
                     23); /* 64 x 7 = 448 <= 512 */
    g_assert_cmpuint(steps.tried, ==, 0);
    g_assert_cmpuint(skypefp_steps_observe(&steps, walk(strange[2], 2), 0, frame(6)).bits, ==, 26);
}

static void assert_same(const struct steps *a, const struct steps *b)
{
    g_assert_cmpuint(a->n, ==, b->n);
    g_assert_cmpuint(a->tried, ==, b->tried);
    for (unsigned i = 0; i < a->n; i++) {
        g_assert_cmpint(a->last[i].time_us, ==, b->last[i].time_us);
        g_assert_cmpuint(a->last[i].position, ==, b->last[i].position);
        g_assert_cmpuint(a->last[i].name.frame, ==, b->last[i].name.frame);
    }
}

static void test_copies_change_nothing(void)
{
    struct steps steps = { .n = 0 };

    skypefp_steps_observe(&steps, START, 0, frame(1));
    skypefp_steps_observe(&steps, walk(START, 1), 0, frame(2));
    struct steps before = steps;
    g_assert_cmpuint(skypefp_steps_observe(&steps, walk(START, 1), 5 * SECOND, frame(3)).bits, ==, 0);
    assert_same(&before, &steps);
}

static void test_compare_remembers_nothing(void)
{
    struct steps steps = { .n = 0 };

    skypefp_steps_observe(&steps, START, 0, frame(1));
    struct steps before = steps;
    g_assert_cmpuint(skypefp_steps_compare(&steps, walk(START, 3), 0).bits, ==, 26);
    g_assert_cmpuint(skypefp_steps_compare(&steps, walk(START, 3), 0).steps, ==, 3);
    g_assert_cmpuint(skypefp_steps_compare(&steps, START, 0).bits, ==, 0);
    g_assert_cmpuint(skypefp_steps_compare(&steps, OTHER_START, 0).bits, ==, 0);
    assert_same(&before, &steps);
}

/* A restart, and clients that take turns on one port: up to MAX_POSITIONS generators are followed. */
static void test_several_generators(void)
{
    struct steps steps = { .n = 0 };
    uint32_t at[MAX_POSITIONS];

    for (unsigned i = 0; i < MAX_POSITIONS; i++) {
        at[i] = START + i * 0x01234567u;
        g_assert_cmpuint(skypefp_steps_observe(&steps, at[i], 0, frame(i + 1)).bits, ==, 0);
    }
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < MAX_POSITIONS; i++) {
            at[i] = skypefp_generator_next(at[i]);
            struct step_match match = skypefp_steps_observe(&steps, at[i], 0, frame(100 + round * MAX_POSITIONS + i));
            g_assert_cmpuint(match.steps, ==, 1);
            g_assert_cmpuint(match.bits, >=, round == 0 && i == 0 ? 20 : 23); /* eight windows are 512 */
        }
    }
}

static void test_the_oldest_is_forgotten(void)
{
    struct steps steps = { .n = 0 };

    for (unsigned i = 0; i <= MAX_POSITIONS; i++) {
        skypefp_steps_observe(&steps, START + i * 0x01234567u, 0, frame(i + 1));
    }
    g_assert_cmpuint(steps.n, ==, MAX_POSITIONS);
    g_assert_cmpuint(skypefp_steps_compare(&steps, walk(START, 1), 0).bits, ==, 0);
    g_assert_cmpuint(skypefp_steps_compare(&steps, walk(START + 0x01234567u, 1), 0).bits, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/steps/largest-window", test_largest_window);
    g_test_add_func("/steps/neighbours", test_neighbours);
    g_test_add_func("/steps/window", test_window);
    g_test_add_func("/steps/bits-round-down", test_bits_round_down);
    g_test_add_func("/steps/long-silence", test_long_silence);
    g_test_add_func("/steps/reordering", test_reordering);
    g_test_add_func("/steps/misses-accumulate", test_misses_accumulate);
    g_test_add_func("/steps/copies-change-nothing", test_copies_change_nothing);
    g_test_add_func("/steps/compare-remembers-nothing", test_compare_remembers_nothing);
    g_test_add_func("/steps/several-generators", test_several_generators);
    g_test_add_func("/steps/the-oldest-is-forgotten", test_the_oldest_is_forgotten);
    return g_test_run();
}
