/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.seed_reuse: the first two parts of a direction are encrypted with the same keystream, which cancels.
 *
 *   seed(4)  part one(10)  part two(10)          from octet 0, or right after the fake TLS hello (72 or 79)
 *
 * x[i] = s[4+i] ^ s[14+i] ^ (00 01 00 00 00 01 00 00 00 Z)[i] is the plaintext of part two, whose octets 2 to 8 are
 * padding: 6 transitions. Source: Biondi & Desclaux 2006; skype-irc.cap 274, 788, 1899, 2115; 34 streams of both
 * captures give 6 of 6, every other one at most 1. Chance: 2^-48. */
#include "keystream.h"
#include "padding.h"
#include "stream_signature.h"
#include "tcp_fake_tls.h"

enum {
    SEED_REUSE_BITS = 48,
    SEED_LEN = 4,
    PADDING_AT = 2,
    PADDING_LEN = SKYPEFP_CANCELLED_LEN - PADDING_AT,
    PADDING_HELD = PADDING_LEN - 1,
    NEEDED = SEED_LEN + SKYPEFP_PART_LEN + SKYPEFP_CANCELLED_LEN
};

static bool reuses_seed(const struct direction *direction, uint32_t at)
{
    uint8_t plaintext[SKYPEFP_CANCELLED_LEN];

    if (!skypefp_direction_covers(direction, at, NEEDED)) {
        return false;
    }
    const uint8_t *one = direction->first + at + SEED_LEN;

    skypefp_keystream_cancel(one, one + SKYPEFP_PART_LEN, plaintext);
    return padding_transitions(plaintext + PADDING_AT, PADDING_LEN) == PADDING_HELD;
}

static void observe_seed_reuse(struct stream_observation *observation)
{
    enum stream_side sender = observation->sender;
    const struct direction *own = stream_direction(observation, sender),
                           *other = stream_direction(observation, !sender);
    uint32_t at = 0;

    if (own->end < NEEDED || skypefp_stream_bits(observation, sender) > 0) {
        return;
    }
    /* The hello itself may be missing in the capture; then the other side's shows that there was one. */
    if (skypefp_opens_as_fake_client(own)) {
        at = FAKE_CLIENT_HELLO_LEN;
    } else if (skypefp_opens_as_fake_server(own) || skypefp_opens_as_fake_client(other)) {
        at = FAKE_SERVER_HELLO_LEN;
    }
    if (reuses_seed(own, at)) {
        skypefp_stream_add(observation, sender, SEED_REUSE_BITS, at, NEEDED, 0, 0);
    }
}

static const skypefp_part parts[] = {
    { SKYPEFP_PART_SEED, 0, SEED_LEN },
    { SKYPEFP_PART_ONE, SEED_LEN, SKYPEFP_PART_LEN },
    { SKYPEFP_PART_TWO, SEED_LEN + SKYPEFP_PART_LEN, SKYPEFP_CANCELLED_LEN },
};

const struct signature skypefp_signature_tcp_seed_reuse = {
    .rule = {
        .key = "tcp.seed_reuse",
        .group = SKYPEFP_GROUP_PADDING,
        .bits = SEED_REUSE_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 48,
        .reason = "2⁻⁴⁸: 6 transitions",
        .sentence = "Two parts under one keystream, which cancels to padding",
        .source = "Biondi & Desclaux 2006; skype-irc.cap 274, 788, 1899, 2115",
        .face = "seed reuse",
        .conversation = "First message with a reused keystream",
        .parts = parts,
        .n_parts = G_N_ELEMENTS(parts),
    },
    .observe_stream = observe_seed_reuse,
};
