/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.bare: the responder's first message is exactly 14 octets, its second exactly 4, and the second says 07 01.
 *
 *   seed(4) part one(10)      07 01 id(2), encrypted with the keystream of part one
 *
 * s[4+i] ^ s[14+i] ^ (00 01)[i] is the plaintext of the second (Z = 01). Source: skype-irc.cap 790 and 792, 2118 and
 * 2123, a 1.x client as server. Chance: 2^-16; 14 octets alone prove nothing (LDAP, rsync and FastTrack send them). */
#include "stream_signature.h"

enum { BARE_BITS = 16, SEED_LEN = 4, FIRST_LEN = 14, SECOND_LEN = 4 };

static bool is_bare(const struct direction *direction)
{
    const uint8_t *s = direction->first;

    return direction->n >= FIRST_LEN + SECOND_LEN && direction->n_segments == 2 && direction->segment_at[0] == 0 &&
           direction->segment_end[0] == FIRST_LEN && direction->segment_at[1] == FIRST_LEN &&
           direction->segment_end[1] == FIRST_LEN + SECOND_LEN && (s[SEED_LEN] ^ s[FIRST_LEN]) == 0x07 &&
           (s[SEED_LEN + 1] ^ s[FIRST_LEN + 1] ^ 0x01) == 0x01;
}

static void observe_bare(struct stream_observation *observation)
{
    if (skypefp_stream_bits(observation, RESPONDER) == 0 && is_bare(stream_direction(observation, RESPONDER))) {
        skypefp_stream_add(observation, RESPONDER, BARE_BITS, 0, FIRST_LEN + SECOND_LEN, 0, 0);
    }
}

const struct signature skypefp_signature_tcp_bare = {
    .rule = {
        .key = "tcp.bare",
        .group = SKYPEFP_GROUP_PADDING,
        .bits = BARE_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 16,
        .reason = "2⁻¹⁶: 07 01",
        .sentence = "Answers of 14 and 4 bytes, the second of which decrypts to 07 01",
        .source = "skype-irc.cap 790-792, 2118-2123",
        .face = "bare",
        .conversation = "Bare form of a 1.x node",
    },
    .observe_stream = observe_bare,
    .of_responders = true,
};
