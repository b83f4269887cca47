/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the evidence of an endpoint to bits, and from bits to a verdict. */
#include "verdict.h"

#include "times.h"

#include <glib.h>
#include <string.h>

enum { POSSIBLE_BITS = 3, LIKELY_BITS = 10, CERTAIN_BITS = 20 };

const char *skypefp_verdict_name(enum skypefp_verdict verdict)
{
    static const char *const names[] = { "none", "possible", "likely", "certain" };

    return names[verdict];
}

void skypefp_tally_add(skypefp_tally *tally, uint8_t bits)
{
    const skypefp_tally hit = { .hits = 1, .total_bits = bits, .best_bits = bits };

    skypefp_tally_join(tally, &hit);
}

void skypefp_tally_join(skypefp_tally *tally, const skypefp_tally *other)
{
    tally->hits = other->hits < UINT32_MAX - tally->hits ? tally->hits + other->hits : UINT32_MAX;
    tally->best_bits = MAX(tally->best_bits, other->best_bits);
    tally->total_bits = (uint16_t)MIN(tally->total_bits + other->total_bits, SKYPEFP_MAX_BITS);
}

void skypefp_group_bits(const skypefp_tally *tallies, unsigned n, int bits[SKYPEFP_N_GROUPS])
{
    memset(bits, 0, SKYPEFP_N_GROUPS * sizeof bits[0]);
    for (unsigned i = 0; i < n; i++) {
        enum skypefp_group group = skypefp_rule_at(tallies[i].rule)->group;
        if (group == SKYPEFP_GROUP_GENERATOR) {
            bits[group] = MIN(bits[group] + tallies[i].total_bits, SKYPEFP_GENERATOR_BITS);
        } else {
            bits[group] = MAX(bits[group], tallies[i].best_bits);
        }
    }
    bits[SKYPEFP_GROUP_TALK] = MIN(bits[SKYPEFP_GROUP_TALK], MAX(SKYPEFP_TALK_BITS - bits[SKYPEFP_GROUP_RHYTHM], 0));
}

int skypefp_net_bits(const skypefp_tally *tallies, unsigned n)
{
    int bits[SKYPEFP_N_GROUPS];
    int sum = SKYPEFP_PRIOR_BITS;

    skypefp_group_bits(tallies, n, bits);
    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        sum += bits[i];
    }
    return sum;
}

enum skypefp_verdict skypefp_verdict_of(int net_bits)
{
    return net_bits >= CERTAIN_BITS    ? SKYPEFP_CERTAIN
           : net_bits >= LIKELY_BITS   ? SKYPEFP_LIKELY
           : net_bits >= POSSIBLE_BITS ? SKYPEFP_POSSIBLE
                                       : SKYPEFP_NONE;
}

int64_t skypefp_tenancy_us(bool is_listening)
{
    return is_listening ? 24 * HOUR_US : HOUR_US;
}

void skypefp_associate(struct standing *standing, uint32_t frame)
{
    if (standing->verdict >= SKYPEFP_LIKELY) {
        return; /* with endpoint.peer it could be likely at most */
    }
    standing->bits += SKYPEFP_PEER_BITS;
    standing->verdict = MIN(skypefp_verdict_of(standing->bits), SKYPEFP_LIKELY);
    standing->proof = frame;
    standing->associated = true;
}

void skypefp_raise_by_host(struct standing *standing, uint32_t frame)
{
    standing->bits += SKYPEFP_HOST_BITS;
    standing->verdict = skypefp_verdict_of(standing->bits);
    standing->proof = frame;
    standing->on_proven_host = true;
}
