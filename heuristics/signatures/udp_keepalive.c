/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.keepalive: the 3-octet messages of one direction of a pair come in a rhythm of 10 s, and are random otherwise.
 *
 *   keep-alive   id(2) xD                  exactly 3 octets
 *
 * Each comes a whole number of periods, 6 at most, after the one before: some are lost, and in 2005 the period was
 * 20 s. The id is random, and so are bits 4 to 6 of octet 2. Source: four sessions of 2015 (225 of 244 gaps within
 * 0.12 s of a multiple of 10 s; all their paths of 4 keep-alives and more a side vary as below); Hossfeld et al. 2005
 * (20.05 s).
 *
 * What else sends such messages has octets at random, times at random, or fields at a fixed period.
 *
 * - Octets at random have bit 7 clear and the low nibble D in 1 of 32 messages: 5 bits each. Those of the other 31 are
 *   not lost ones: in the time of the chain, 90 % of what the port sends must have a shape.
 * - Times at random are in a window of 0.3125 s of 10 s: 5 bits each; or of 2.5 s, a mobile network's jitter: 2 bits.
 * - A fixed period is in the window always or never, and a type octet always has its nibble: a device with both gives
 *   no bits, however often it sends, and is distinguished by its fields alone. A reading, a clock, a counter or a status
 *   changes slowly or evenly. So, of the chain's steps, half at least must change bits 4 to 6 (7 of 8 do in Skype),
 *   half by another amount than the step before (7 of 8), half each octet of the id by 8 and more (15 of 16), and half
 *   that change itself as much. Bits 4 to 6 take at least half as many values as there are messages, 4 at most; after
 *   6 messages one value has come twice (98 % of 7, 99.8 % of 8). Random messages fail that in 8 % of chains of 4
 *   messages, 4 % of 7, 3 % of 8, 0.7 % of 10 and 0.1 % of 16, until the next one comes. An id that is constant, counts
 *   in equal steps, or comes again with the same value of bits 4 to 6 (a checksum of a status), and bits that never
 *   change are another protocol's in any case.
 *
 * A message gives the least of what holds against the first two, and the first three pay for the period, the phase and
 * the shape: n messages on time give 5 (n - 3) bits. One message off the rhythm, at most, is passed over until the next
 * one in it: that is a second chance, and costs a message's 5 bits. */
#include "data_runs.h"
#include "message.h"
#include "shares.h"
#include "signature.h"
#include "times.h"
#include "tracker.h"

enum { MESSAGE_BITS = 5, LATE_BITS = 2, FREE_MESSAGES = 3, MAX_LOST = 6, MAX_RHYTHM_BITS = 64 };
enum { FREE_BITS = (FREE_MESSAGES - 1) * MESSAGE_BITS, MUCH = 8, ENOUGH_VALUES = 4, MOST_DISTINCT = 6 };
enum { ID_LEN = 2, MAX_VALUE = 7 };
#define PERIOD_US (10 * SECOND_US)
#define TIGHT_US (PERIOD_US / 64) /* to each side of the grid: a chance of 1 in 32 */
#define LOOSE_US (PERIOD_US / 8)  /* 1 in 4 */
#define MAX_GAP_US (MAX_LOST * PERIOD_US + LOOSE_US)

static bool is_within_reach(int64_t gap_us)
{
    return gap_us >= PERIOD_US - LOOSE_US && gap_us <= MAX_GAP_US;
}

/* How far a gap is off a whole number of periods. */
static int64_t off_rhythm_us(int64_t gap_us)
{
    return MIN(gap_us % PERIOD_US, PERIOD_US - gap_us % PERIOD_US);
}

static bool is_in_rhythm(int64_t gap_us)
{
    return is_within_reach(gap_us) && off_rhythm_us(gap_us) <= LOOSE_US;
}

/* A copy from a mirror port or from a second capture whose clock differs, which changes nothing. The same octets in
 * the rhythm are a constant. */
static bool is_copy(const struct keepalives *keepalives, const struct keepalive *message)
{
    for (unsigned i = 0; i < MIN(keepalives->n, MAX_KEEPALIVES); i++) {
        const struct keepalive *recent = &keepalives->recent[i];
        int64_t gap_us = elapsed_us(recent->time_us, message->time_us);

        if (memcmp(recent->octets, message->octets, sizeof message->octets) == 0 && gap_us < MINUTE_US &&
            !is_in_rhythm(gap_us)) {
            return true;
        }
    }
    return false;
}

static void note_gap(struct pair *pair, struct keepalives *keepalives, int64_t gap_us)
{
    int64_t periods = gap_us / PERIOD_US + (gap_us % PERIOD_US >= PERIOD_US / 2);

    pair->contact.longest_gap_us = MAX(pair->contact.longest_gap_us, gap_us);
    if (periods == 1 || periods == 2) {
        keepalives->n_gaps[periods - 1]++;
        keepalives->sum_us[periods - 1] += gap_us;
        unsigned usual = keepalives->n_gaps[1] > keepalives->n_gaps[0];
        pair->contact.keepalive_interval_us = keepalives->sum_us[usual] / keepalives->n_gaps[usual];
    }
}

static void remember(struct pair *pair, struct keepalives *keepalives, const struct keepalive *message)
{
    if (keepalives->n > 0) {
        const struct keepalive *before = &keepalives->recent[(keepalives->n - 1) % MAX_KEEPALIVES];
        int64_t gap_us = elapsed_us(before->time_us, message->time_us);
        if (gap_us > 0) {
            note_gap(pair, keepalives, gap_us);
        }
    }
    keepalives->recent[keepalives->n++ % MAX_KEEPALIVES] = *message;
}

/* Whether an octet changed by much, up or down. */
static bool is_much(uint8_t change)
{
    return change >= MUCH && change <= UINT8_MAX + 1 - MUCH;
}

/* Bits 4 to 6 of octet 2; bit 7 is clear. */
static uint8_t value_of(const struct keepalive *message)
{
    return message->octets[SKYPEFP_AT_FUNCTION] >> 4;
}

/* Counts how the message differs from the last one. */
static void add_step(struct keepalive_chain *chain, const struct keepalive *message)
{
    const uint8_t *before = chain->last.octets, *now = message->octets;
    bool has_change = chain->n > 1, is_same_step = true, is_same_id = true;

    for (unsigned i = 0; i < ID_LEN; i++) {
        uint8_t change = (uint8_t)(now[i] - before[i]);
        is_same_id = is_same_id && change == 0;
        is_same_step = is_same_step && has_change && change == chain->change[i];
        chain->n_wide[i] += is_much(change);
        chain->n_uneven[i] += has_change && is_much((uint8_t)(change - chain->change[i]));
        chain->change[i] = change;
    }
    chain->is_constant = chain->is_constant || is_same_id || is_same_step;
    uint8_t turn = (value_of(message) - value_of(&chain->last)) & MAX_VALUE;
    chain->n_changed += turn != 0;
    chain->n_turns += has_change && turn != chain->turn;
    chain->turn = turn;
}

/* Notes the value of bits 4 to 6, and whether the same id came with it before. */
static void add_value(struct keepalive_chain *chain, const struct keepalive *message)
{
    uint8_t value = value_of(message), bit = (uint8_t)(1u << value), *id = chain->id_of[value];
    bool is_known = chain->values & bit;

    chain->is_constant = chain->is_constant || (is_known && memcmp(id, message->octets, ID_LEN) == 0);
    memcpy(id, message->octets, ID_LEN);
    chain->n_values = (uint8_t)(chain->n_values + !is_known);
    chain->values |= bit;
}

static void add_to_chain(struct keepalive_chain *chain, const struct keepalive *message)
{
    if (chain->n > 0) {
        int64_t off_us = off_rhythm_us(elapsed_us(chain->last.time_us, message->time_us));
        chain->bits = (uint16_t)MIN(chain->bits + (off_us <= TIGHT_US ? MESSAGE_BITS : LATE_BITS), UINT8_MAX);
        add_step(chain, message);
    }
    add_value(chain, message);
    chain->last = *message;
    chain->stray.frame = 0;
    chain->n++;
}

/* Whether no value of bits 4 to 6 has come twice, though there are enough messages for it. A counter, or an id that the
 * value decides, shows only then. */
static bool waits_for_repetition(const struct keepalive_chain *chain)
{
    return chain->n > MOST_DISTINCT && chain->n_values == chain->n;
}

/* Whether the chain's messages vary as random ones do. */
static bool is_random(const struct keepalive_chain *chain)
{
    uint32_t n_steps = chain->n - 1;
    bool is_varied = 2 * chain->n_changed >= n_steps && 2 * chain->n_turns >= n_steps - 1 &&
                     chain->n_values >= MIN(chain->n / 2, ENOUGH_VALUES);

    for (unsigned i = 0; i < ID_LEN; i++) {
        is_varied = is_varied && 2 * chain->n_wide[i] >= n_steps && 2 * chain->n_uneven[i] >= n_steps - 1;
    }
    return is_varied && !chain->is_constant && !waits_for_repetition(chain);
}

/* Whether at least 90 % of what the port sent since the chain began has a shape, as far as its count goes back. */
static bool has_high_share(const struct keepalive_chain *chain, const struct share *share)
{
    bool is_known = share->n_all >= chain->n_all && share->n_shaped >= chain->n_shaped;

    return !is_known || 10 * (share->n_shaped - chain->n_shaped) >= 9 * (share->n_all - chain->n_all);
}

static bool fits_chain(const struct keepalive_chain *chain, const struct keepalive *message)
{
    return chain->n > 0 && is_in_rhythm(elapsed_us(chain->last.time_us, message->time_us));
}

/* Whether a message that does not fit leaves the chain as it is: it may be the only one. */
static bool is_stray(const struct keepalive_chain *chain, const struct keepalive *message)
{
    return chain->stray.frame == 0 && chain->bits > FREE_BITS &&
           elapsed_us(chain->last.time_us, message->time_us) <= MAX_GAP_US;
}

/* Takes a keep-alive into its direction's chain; false: it is off the rhythm, and passed over. */
static bool take(struct keepalive_chain *chain, const struct keepalive *message)
{
    if (!fits_chain(chain, message) && is_stray(chain, message)) {
        chain->bits -= MESSAGE_BITS;
        chain->stray = *message;
        return false;
    }
    if (!fits_chain(chain, message)) {
        struct keepalive stray = chain->stray;
        *chain = (struct keepalive_chain){ 0 };
        if (stray.frame != 0 && is_in_rhythm(elapsed_us(stray.time_us, message->time_us))) {
            add_to_chain(chain, &stray);
        }
    }
    add_to_chain(chain, message);
    return true;
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
    struct keepalives *keepalives = skypefp_pair_keepalives(observation->pair, observation->side);
    struct keepalive_chain *chain = &keepalives->chain;
    struct keepalive message = { .time_us = packet->time_us, .frame = packet->frame };

    memcpy(message.octets, packet->data, sizeof message.octets);
    if (is_copy(keepalives, &message)) {
        return;
    }
    remember(observation->pair, keepalives, &message);
    uint32_t earlier = chain->last.frame;
    bool is_taken = take(chain, &message);
    if (chain->n_all == 0) { /* it has just begun */
        chain->n_shaped = observation->share->n_shaped;
        chain->n_all = observation->share->n_all;
    }
    if (!is_taken || chain->bits <= FREE_BITS || !is_random(chain) || !has_high_share(chain, observation->share)) {
        return;
    }
    make_finding(observation);
    skypefp_observation_add(observation, (uint8_t)MIN(chain->bits - FREE_BITS, MAX_RHYTHM_BITS), SKYPEFP_AT_ID,
                            SKYPEFP_KEEPALIVE_LEN, earlier, chain->n);
    skypefp_observation_check(observation);
}

const struct signature skypefp_signature_udp_keepalive = {
    .rule = {
        .key = "udp.keepalive",
        .group = SKYPEFP_GROUP_RHYTHM,
        .bits = MAX_RHYTHM_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 64,
        .reason = "2⁻⁵ a message from the fourth on, by its shape and its time; 2⁻² where it is late",
        .sentence = "Keep-alives of 3 bytes come in a rhythm of 10 s",
        .source = "sessions of 2015; Hossfeld et al. 2005",
    },
    .observe_keepalive = observe_keepalive,
};
