/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the evidence of an endpoint to bits, and from bits to a verdict. */
#include "verdict.h"

#include "endpoints.h"

enum { POSSIBLE_BITS = 3, LIKELY_BITS = 10, CERTAIN_BITS = 20 };

const char *skypefp_verdict_name(enum skypefp_verdict verdict)
{
    static const char *const names[] = { "none", "possible", "likely", "certain" };

    return names[verdict];
}

void skypefp_tally_add(struct tally *tally, uint8_t bits)
{
    tally->hits++;
    tally->best_bits = MAX(tally->best_bits, bits);
    tally->total_bits = (uint16_t)MIN(tally->total_bits + bits, SKYPEFP_MAX_BITS);
}

int skypefp_net_bits(const struct tally *tallies, unsigned n)
{
    int groups[SKYPEFP_N_GROUPS] = { 0 };
    int sum = SKYPEFP_PRIOR_BITS;

    for (unsigned i = 0; i < n; i++) {
        enum skypefp_group group = skypefp_rule_at(tallies[i].rule)->group;
        if (group == SKYPEFP_GROUP_GENERATOR) {
            groups[group] = MIN(groups[group] + tallies[i].total_bits, SKYPEFP_GENERATOR_BITS);
        } else {
            groups[group] = MAX(groups[group], tallies[i].best_bits);
        }
    }
    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        sum += groups[i];
    }
    return sum;
}

enum skypefp_verdict skypefp_verdict_of(int net_bits)
{
    return net_bits >= CERTAIN_BITS  ? SKYPEFP_CERTAIN :
           net_bits >= LIKELY_BITS   ? SKYPEFP_LIKELY :
           net_bits >= POSSIBLE_BITS ? SKYPEFP_POSSIBLE : SKYPEFP_NONE;
}

static int own_bits(const skypefp_endpoint *endpoint)
{
    if (endpoint->tallies == NULL) {
        return SKYPEFP_PRIOR_BITS;
    }
    return skypefp_net_bits((const struct tally *)(const void *)endpoint->tallies->data, endpoint->tallies->len);
}

enum skypefp_verdict skypefp_own_verdict(const skypefp_endpoint *endpoint)
{
    return skypefp_verdict_of(own_bits(endpoint));
}

struct standing skypefp_standing(const struct endpoint_table *table, const skypefp_endpoint *endpoint)
{
    struct standing standing = { .bits = own_bits(endpoint), .proof = endpoint->proof_frame };

    standing.verdict = skypefp_verdict_of(standing.bits);
    if (standing.verdict >= SKYPEFP_LIKELY) {
        return standing;        /* with endpoint.peer it could be no more than likely */
    }
    uint32_t peer_frame = skypefp_endpoint_peer_frame(table, endpoint);
    if (peer_frame != 0) {
        standing.bits += SKYPEFP_PEER_BITS;
        standing.verdict = MIN(skypefp_verdict_of(standing.bits), SKYPEFP_LIKELY);
        standing.proof = peer_frame;
        standing.associated = true;
    }
    return standing;
}
