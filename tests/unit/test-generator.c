/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generator's positions against a plain walk along its cycle. */
#include "generator.h"

#include <glib.h>

enum { WALK = 1000000, SPOTS = 2000, MAX_DISTANCE = 500 };

/* Every number of the first million steps from 0 stands where the walk says. */
static void test_walk_from_zero(void)
{
    uint32_t x = 0;

    for (uint32_t steps = 0; steps < WALK; steps++) {
        g_assert_cmpuint(skypefp_generator_position(x), ==, steps);
        x = skypefp_generator_next(x);
    }
}

/* Anywhere on the cycle a distance of positions is what a walk counts, also across the end. */
static void test_distance_at_random_spots(void)
{
    GRand *random = g_rand_new_with_seed(1);

    for (unsigned i = 0; i < SPOTS; i++) {
        uint32_t from = g_rand_int(random), x = from;
        uint32_t distance = g_rand_int(random) % MAX_DISTANCE;
        for (uint32_t n = 0; n < distance; n++) {
            x = skypefp_generator_next(x);
        }
        g_assert_cmpuint((uint32_t)(skypefp_generator_position(x) - skypefp_generator_position(from)), ==, distance);
    }
    g_rand_free(random);
}

/* The number one step before 0 has the last position, and the published constants are the ones used. */
static void test_ends_of_the_cycle(void)
{
    uint32_t inverse = 1;

    for (unsigned i = 0; i < 5; i++) {
        inverse *= 2 - 0x10dcdu * inverse; /* Newton: the multiplier's inverse mod 2^32 */
    }
    uint32_t product = inverse * 0x10dcdu;
    g_assert_cmpuint(product, ==, 1);
    uint32_t before_zero = inverse * (0u - 0x4271u);

    g_assert_cmpuint(skypefp_generator_next(before_zero), ==, 0);
    g_assert_cmpuint(skypefp_generator_position(before_zero), ==, UINT32_MAX);
    g_assert_cmpuint(skypefp_generator_next(0), ==, 0x4271);
    g_assert_cmpuint(skypefp_generator_next(1), ==, 0x4271 + 0x10dcd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/generator/walk-from-zero", test_walk_from_zero);
    g_test_add_func("/generator/distance-at-random-spots", test_distance_at_random_spots);
    g_test_add_func("/generator/ends-of-the-cycle", test_ends_of_the_cycle);
    return g_test_run();
}
