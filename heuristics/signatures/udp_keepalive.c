/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.keepalive: the 3-octet messages of one direction of a pair come in a rhythm of 10 s.
 *
 *   keep-alive   id(2) xD                  exactly 3 octets
 *
 * Each comes a whole number of periods, 6 at most, after the one before: some are lost, and in 2005 the period was
 * 20 s. Source: four sessions of 2015 (225 of 244 gaps within 0.12 s of a multiple of 10 s); Hossfeld et al. 2005
 * (20.05 s). The ids are random, and so are bits 4 to 6 of octet 2: a constant id, one that counts in equal steps,
 * or bits that never change are another protocol's. Chance of a tick: 0.3125 s of 10 s are 5 bits, 2.5 s (a mobile
 * network's jitter) 2 bits; the first three pay for the shape and the choice of a phase. */
#include "data_runs.h"
#include "message.h"
#include "signature.h"
#include "times.h"
#include "tracker.h"

enum { TICK_BITS = 5, LOOSE_BITS = 2, FREE_TICKS = 3, MAX_LOST = 6, MAX_RHYTHM_BITS = 64 };
#define SECOND_US ((int64_t)1000000)
#define PERIOD_US (10 * SECOND_US)
#define TIGHT_US (PERIOD_US / 64) /* to each side of the grid: a chance of 1 in 32 */
#define LOOSE_US (PERIOD_US / 8)  /* 1 in 4 */

static bool is_continued(const struct keepalives *chain, int64_t gap_us, int64_t off_us)
{
    return chain->n > 0 && gap_us >= PERIOD_US - LOOSE_US && gap_us <= MAX_LOST * PERIOD_US + LOOSE_US &&
           off_us <= LOOSE_US;
}

/* A copy from a mirror port, which changes nothing. */
static bool is_copy(const struct keepalives *chain, uint16_t id, int64_t gap_us)
{
    return chain->n > 0 && id == chain->last_id && gap_us < SECOND_US;
}

static void note_gap(struct pair *pair, struct keepalives *chain, int64_t gap_us)
{
    int64_t periods = gap_us / PERIOD_US + (gap_us % PERIOD_US >= PERIOD_US / 2);

    pair->contact.longest_gap_us = MAX(pair->contact.longest_gap_us, gap_us);
    if (periods == 1 || periods == 2) {
        chain->n_gaps[periods - 1]++;
        chain->sum_us[periods - 1] += gap_us;
        unsigned usual = chain->n_gaps[1] > chain->n_gaps[0];
        pair->contact.keepalive_interval_us = chain->sum_us[usual] / chain->n_gaps[usual];
    }
}

static void begin_chain(struct keepalives *chain)
{
    chain->n = 0;
    chain->bits = 0;
    chain->n_varied = 0;
    chain->is_constant = false;
}

/* Takes a keep-alive into its direction's chain. */
static void add_to_chain(struct keepalives *chain, uint16_t id, uint8_t bits, int64_t off_us)
{
    uint16_t step = (uint16_t)(id - chain->last_id);

    if (chain->n > 0) {
        chain->is_constant = chain->is_constant || step == 0 || (chain->n > 1 && step == chain->last_step);
        chain->n_varied = (uint8_t)MIN(chain->n_varied + (bits != chain->last_bits), UINT8_MAX);
        chain->bits = (uint16_t)MIN(chain->bits + (off_us <= TIGHT_US ? TICK_BITS : LOOSE_BITS), UINT8_MAX);
    }
    chain->last_step = step;
    chain->n++;
}

/* The endpoints and the finding of a keep-alive that is evidence, or that is checked by the chain before it. */
static void make_finding(struct observation *observation)
{
    skypefp_tracker *tracker = observation->tracker;
    const skypefp_packet *packet = observation->packet;

    observation->src = skypefp_endpoints_touch(&tracker->endpoints, &packet->src, packet->time_us);
    observation->dst = skypefp_endpoints_touch(&tracker->endpoints, &packet->dst, packet->time_us);
    observation->finding =
        skypefp_findings_add(&tracker->findings, packet, observation->src, observation->dst, observation->pair);
    observation->finding->function = SKYPEFP_FN_DATA;
    skypefp_pair_note_finding(observation->pair, packet->time_us);
    skypefp_pairs_promote(&tracker->pairs, observation->pair);
}

static void observe_keepalive(struct observation *observation)
{
    const skypefp_packet *packet = observation->packet;
    struct keepalives *chain = skypefp_pair_keepalives(observation->pair, observation->side);
    uint16_t id = read_be16(packet->data);
    uint8_t bits = packet->data[SKYPEFP_AT_FUNCTION] & 0x70;
    int64_t gap_us = elapsed_us(chain->last_us, packet->time_us);
    int64_t off_us = gap_us >= 0 ? MIN(gap_us % PERIOD_US, PERIOD_US - gap_us % PERIOD_US) : PERIOD_US;
    uint32_t earlier = chain->last_frame;

    if (is_copy(chain, id, gap_us)) {
        return;
    }
    if (chain->n > 0 && gap_us > 0) {
        note_gap(observation->pair, chain, gap_us);
    }
    if (!is_continued(chain, gap_us, off_us)) {
        begin_chain(chain);
    }
    add_to_chain(chain, id, bits, off_us);
    chain->last_us = packet->time_us;
    chain->last_frame = packet->frame;
    chain->last_id = id;
    chain->last_bits = bits;
    if (chain->is_constant || chain->n_varied == 0 || chain->bits <= (FREE_TICKS - 1) * TICK_BITS) {
        return;
    }
    make_finding(observation);
    skypefp_observation_add(observation, (uint8_t)MIN(chain->bits - (FREE_TICKS - 1) * TICK_BITS, MAX_RHYTHM_BITS),
                            SKYPEFP_AT_ID, SKYPEFP_KEEPALIVE_LEN, earlier, chain->n);
    skypefp_observation_check(observation);
}

const struct signature skypefp_signature_udp_keepalive = {
    .rule = {
        .key = "udp.keepalive",
        .group = SKYPEFP_GROUP_RHYTHM,
        .bits = MAX_RHYTHM_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 64,
        .reason = "2⁻⁵ a tick from the fourth on, 2⁻² where a network's jitter makes it late",
        .sentence = "Keep-alives of 3 bytes come in a rhythm of 10 s",
        .source = "sessions of 2015; Hossfeld et al. 2005",
    },
    .observe_keepalive = observe_keepalive,
};
