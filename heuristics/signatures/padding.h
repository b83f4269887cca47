/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skype's padding: the low octet of its generator, x' = 0xCD x + 0x71 mod 256. No octet follows itself. */
#ifndef SKYPEFP_PADDING_H
#define SKYPEFP_PADDING_H

#include <stdint.h>

/* How many of the first n - 1 transitions of n octets hold without a break. */
static inline unsigned padding_transitions(const uint8_t *octets, unsigned n)
{
    unsigned held = 0;

    while (held + 1 < n && octets[held + 1] == (uint8_t)(0xcd * octets[held] + 0x71)) {
        held++;
    }
    return held;
}

#endif
