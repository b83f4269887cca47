/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.padding_run: 48 opaque octets, then plaintext padding to the end of the first message.
 *
 * Source: skype-2015.pcap 34 (98 octets, 49 of 49 transitions), 28 and 50 more. Chance: 2^-8 a transition; 5 and
 * more count, 8 bits each, 64 is the most a group gives. */
#include "padding.h"
#include "stream_signature.h"

enum { OPAQUE_LEN = 48, NEAR_TRANSITIONS = 3, MIN_TRANSITIONS = 5, MAX_TRANSITIONS = 8, TRANSITION_BITS = 8 };

static void observe_padding_run(struct stream_observation *observation)
{
    const struct direction *direction = stream_direction(observation, observation->sender);

    if (direction->n <= OPAQUE_LEN + MIN_TRANSITIONS || skypefp_stream_bits(observation, observation->sender) > 0) {
        return;
    }
    unsigned held =
        padding_transitions(direction->first + OPAQUE_LEN, MIN(direction->n - OPAQUE_LEN, MAX_TRANSITIONS + 1));

    if (held >= MIN_TRANSITIONS) {
        skypefp_stream_add(observation, observation->sender, (uint8_t)(held * TRANSITION_BITS), OPAQUE_LEN, held + 1, 0,
                           0);
    } else if (held >= NEAR_TRANSITIONS) {
        skypefp_stream_near(observation, "the padding run is too short");
    }
}

static const skypefp_part parts[] = { { SKYPEFP_PART_PADDING, 0, 0 } };

const struct signature skypefp_signature_tcp_padding_run = {
    .rule = {
        .key = "tcp.padding_run",
        .group = SKYPEFP_GROUP_PADDING,
        .bits = MAX_TRANSITIONS * TRANSITION_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 64,
        .reason = "2⁻⁸ a transition, 5 to 8 of them",
        .sentence = "Plaintext padding after 48 opaque bytes",
        .source = "skype-2015.pcap 28, 34",
        .face = "padding run",
        .conversation = "First message with a padding run",
        .parts = parts,
        .n_parts = G_N_ELEMENTS(parts),
    },
    .observe_stream = observe_padding_run,
};
