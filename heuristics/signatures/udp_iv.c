/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.iv: the IVs that one port sends are one generator's, a few steps apart.
 *
 *   payload   id(2) 02 IV(4) …
 *   fragment  own id(2) xF request's id(2) index(1) 02 IV(4) …
 *
 * The number that is asked for is 1 to 64 + 128 x seconds steps further on the cycle of generator.h. It needs no
 * answer and 7 octets of the payload. The NAK's challenge, the ack's tail and the resend's octets are not the
 * generator's. Source: skype-irc.cap 176-187, skype-2015.pcap 500-515; 327 of 328 successive pairs. Chance: sum of
 * the windows tried / 2^32 (steps.h). Consecutive pairs add, to 40 bits. */
#include "signature.h"
#include "steps.h"

enum { IV_LEN = 4, MAX_TESTED = 16 };

/* A successor shows that its predecessor is the port's own as well as the other way round. */
static void check_iv(struct observation *observation, const struct step_match *match)
{
    skypefp_endpoint *src = observation->src;

    if (match->is_copy) {
        skypefp_observation_copy(observation, match->earlier);
        return;
    }
    if (match->fits) {
        skypefp_observation_check(observation);
        skypefp_observation_check_earlier(observation, match->earlier);
    } else if (match->has_neighbour) {
        skypefp_observation_misfit(observation, match->earlier);
    }
    if ((match->fits || match->has_neighbour) && src->n_tested < MAX_TESTED) {
        src->n_tested++;
        src->n_fitted = (uint8_t)(src->n_fitted + match->fits);
    }
}

static void observe_iv(struct observation *observation)
{
    const skypefp_message *message = observation->message;

    if (!message->has_iv) {
        return;
    }
    const struct steps *known = skypefp_observation_memory(observation, observation->src);
    struct steps *steps = skypefp_observation_room(observation, observation->src, skypefp_steps_size(known->n));
    struct step_match match = skypefp_steps_observe(steps, message->iv, observation->packet->time_us,
                                                    skypefp_finding_name(observation->finding));
    if (match.bits > 0) {
        skypefp_observation_add(observation, match.bits, message->iv_at, IV_LEN, match.earlier.frame, match.steps);
    }
    check_iv(observation, &match);
}

const struct signature skypefp_signature_udp_iv = {
    .rule = {
        .key = "udp.iv",
        .group = SKYPEFP_GROUP_GENERATOR,
        .bits = 26,             /* one window of 64 steps; consecutive pairs add */
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 26,
        .reason = "windows tried / 2³²: one of 64 steps",
        .sentence = "The IV is the port's generator a few steps on",
        .source = "skype-irc.cap 176-187, skype-2015.pcap 500-515",
    },
    .memory_size = offsetof(struct steps, last),
    .observe_message = observe_iv,
};
