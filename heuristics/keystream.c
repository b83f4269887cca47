/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keystream that the first two parts of a TCP direction share. */
#include "keystream.h"

#include <string.h>

void skypefp_keystream_cancel(const uint8_t one[SKYPEFP_CANCELLED_LEN], const uint8_t two[SKYPEFP_CANCELLED_LEN],
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
