/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keystream that the first two parts of a TCP direction share, and that cancels.
 *
 *   seed(4)  part one(10)  part two(10 and more)
 *
 * The plaintext of part one is nearly constant: 00 01 00 00 00 01 00 00 00 Z, Z being 01, 03 or 0F. So the XOR of
 * both parts and these octets is the plaintext of part two, as far as Z. Source: Biondi & Desclaux 2006. */
#ifndef SKYPEFP_KEYSTREAM_H
#define SKYPEFP_KEYSTREAM_H

#include <stdint.h>
#include <string.h>

enum { SKYPEFP_PART_LEN = 10, SKYPEFP_CANCELLED_LEN = SKYPEFP_PART_LEN - 1 };

/* The first octets of part two's plaintext, from those of the two parts. Inline: asked of every direction. */
static inline void skypefp_keystream_cancel(const uint8_t one[SKYPEFP_CANCELLED_LEN],
                                            const uint8_t two[SKYPEFP_CANCELLED_LEN],
                                            uint8_t plaintext[SKYPEFP_CANCELLED_LEN])
{
    static const uint8_t plaintext_of_one[SKYPEFP_CANCELLED_LEN] = { 0, 1, 0, 0, 0, 1, 0, 0, 0 };
    enum { LAST = sizeof(uint64_t) };
    uint64_t words[3]; /* all octets but the last, at once */

    memcpy(&words[0], one, LAST);
    memcpy(&words[1], two, LAST);
    memcpy(&words[2], plaintext_of_one, LAST);
    words[0] ^= words[1] ^ words[2];
    memcpy(plaintext, words, LAST);
    plaintext[LAST] = one[LAST] ^ two[LAST] ^ plaintext_of_one[LAST];
}

#endif
