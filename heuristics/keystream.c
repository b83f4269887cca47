/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keystream that the first two parts of a TCP direction share. */
#include "keystream.h"

void skypefp_keystream_cancel(const uint8_t one[SKYPEFP_CANCELLED_LEN], const uint8_t two[SKYPEFP_CANCELLED_LEN],
                              uint8_t plaintext[SKYPEFP_CANCELLED_LEN])
{
    static const uint8_t plaintext_of_one[SKYPEFP_CANCELLED_LEN] = { 0, 1, 0, 0, 0, 1, 0, 0, 0 };

    for (unsigned i = 0; i < SKYPEFP_CANCELLED_LEN; i++) {
        plaintext[i] = one[i] ^ two[i] ^ plaintext_of_one[i];
    }
}
