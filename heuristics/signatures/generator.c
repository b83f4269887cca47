/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The position of a number in the cycle of Skype's generator. */
#include "generator.h"

/* "2^j steps on" is x -> multiplier[j] x + increment[j]: squaring the map doubles the steps. It moves the lowest j
 * bits not at all and always flips bit j, so the position of x comes bit by bit: walk from x back to 0, clearing the
 * lowest set bit with the step that flips it. Here the walk goes forward from x to 0, which counts the position's
 * complement. */
uint32_t skypefp_generator_position(uint32_t x)
{
    uint32_t multiplier = SKYPEFP_GENERATOR_MULTIPLIER;
    uint32_t increment = SKYPEFP_GENERATOR_INCREMENT;
    uint32_t steps_to_zero = 0;

    for (unsigned bit = 0; bit < 32; bit++) {
        if (x >> bit & 1) {
            x = x * multiplier + increment;
            steps_to_zero |= (uint32_t)1 << bit;
        }
        increment += multiplier * increment;
        multiplier *= multiplier;
    }
    return 0u - steps_to_zero;
}
