/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skype's generator of IVs and seeds: x' = 0x10DCD x + 0x4271 mod 2^32, seen as positions on one cycle.
 *
 * The multiplier is 1 mod 4 and the increment odd, so every 32-bit number lies on the one cycle of length 2^32 and
 * has a position on it; "that many steps on" is a subtraction. The two constants can be read off the captures: three
 * successive IVs of one port give them 139 times in skype-irc.cap. */
#ifndef SKYPEFP_GENERATOR_H
#define SKYPEFP_GENERATOR_H

#include <stdint.h>

enum { SKYPEFP_GENERATOR_MULTIPLIER = 0x10dcd, SKYPEFP_GENERATOR_INCREMENT = 0x4271 };

/* The number after x. */
static inline uint32_t skypefp_generator_next(uint32_t x)
{
    return x * (uint32_t)SKYPEFP_GENERATOR_MULTIPLIER + (uint32_t)SKYPEFP_GENERATOR_INCREMENT;
}

/* Steps from 0 to x, 0 to 2^32 - 1. Constant time: 32 steps, one a bit. */
uint32_t skypefp_generator_position(uint32_t x);

#endif
