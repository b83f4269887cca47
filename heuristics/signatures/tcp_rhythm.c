/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.rhythm: small messages of one direction tick with the clocks that Skype's clients keep with its servers.
 *
 *   2 octets every 120.0 s (119.9 to 120.4), whatever else is sent         to ports 40001 to 40050
 *   5 octets every 540 s (539.9 to 540.6)                                   to port 12350
 *
 * A tick is a message that follows one of its length by the clock's time; other messages of that length may fall
 * between. Source: four sessions of 2015, in which the longest chains have 17, 18, 6 and 9 ticks of 120 s and 6, 6
 * and 3 of 540 s, and 18 of 2016. Chance of a tick: messages of that length a second in this direction x the window,
 * so the rate decides what a tick is worth, rounded down: up to 7 bits for 120 s, a common timer, and up to 8 for
 * 540 s, a rare one, of which a capture holds few ticks; messages 10 s apart on average give none. A chain counts
 * from its second tick on (a single one occurs by chance) and gives 16 bits at most, because timers of whole minutes
 * are common: a convention. The contents are encrypted: a chain in which an octet never changes, or that counts in
 * equal steps, is another protocol's, and so is one whose messages come in a regular shorter period. */
#include "signature.h"
#include "times.h"

enum { RHYTHM_BITS = 16, MIN_TICKS = 2, MAX_DIVISOR = 30 };
#define SECOND_US ((int64_t)1000000)
#define EARLY_US (SECOND_US / 10)

static const struct {
    int64_t period_us, late_us;
    unsigned n_octets;
    uint8_t max_bits;
} clocks[N_CLOCKS] = {
    { 120 * SECOND_US, 4 * SECOND_US / 10, 2, 7 },
    { 540 * SECOND_US, 6 * SECOND_US / 10, 4, 8 }, /* of 5 octets the last four are compared */
};

static bool is_about(int64_t before_us, int64_t wanted_us, int64_t late_us)
{
    return before_us >= wanted_us - EARLY_US && before_us <= wanted_us + late_us;
}

/* The beat that came one period before the newest, or NULL. */
static const struct beat *find_earlier(const struct clock *clock, unsigned which, int64_t wanted_us)
{
    const struct beat *newest = skypefp_clock_beat(clock, 0);

    for (uint32_t i = 1; i < MAX_BEATS; i++) {
        const struct beat *beat = skypefp_clock_beat(clock, i);
        int64_t before_us = beat != NULL ? elapsed_us(beat->time_us, newest->time_us) : INT64_MAX;
        if (before_us > wanted_us + clocks[which].late_us) {
            return NULL;
        }
        if (is_about(before_us, wanted_us, clocks[which].late_us)) {
            return beat;
        }
    }
    return NULL;
}

/* Whether the messages of this length come in a regular shorter period, of which the clock's is a multiple. */
static bool has_shorter_period(const struct clock *clock, unsigned which)
{
    for (int64_t divisor = 2; divisor <= MAX_DIVISOR; divisor++) {
        int64_t step_us = clocks[which].period_us / divisor, k = 1;
        while (k < divisor && find_earlier(clock, which, k * step_us) != NULL) {
            k++;
        }
        if (k == divisor) {
            return true;
        }
    }
    return false;
}

/* What a tick is worth by the rate of messages of its length so far. */
static uint8_t tick_bits(const struct clock *clock, unsigned which)
{
    int64_t seen_us = elapsed_us(clock->first_us, skypefp_clock_beat(clock, 0)->time_us);
    double window_s = (double)(EARLY_US + clocks[which].late_us) / (double)SECOND_US;
    double chance = seen_us > 0 ? (double)clock->n * (double)SECOND_US / (double)seen_us * window_s : 1;
    uint8_t bits = 0;

    while (bits < clocks[which].max_bits && chance <= 0.5) {
        chance *= 2;
        bits++;
    }
    return bits;
}

/* A bit for each octet that two contents share. */
static uint8_t same_octets(uint32_t a, uint32_t b, unsigned n_octets)
{
    uint8_t same = 0;

    for (unsigned i = 0; i < n_octets; i++) {
        same = (uint8_t)(same | (((a ^ b) >> 8 * i & 0xff) == 0) << i);
    }
    return same;
}

/* Continues the chain of an earlier beat with the newest one. */
static void tick(const struct clock *clock, unsigned which, struct beat *newest, const struct beat *earlier)
{
    uint8_t same = same_octets(newest->content, earlier->content, clocks[which].n_octets);

    newest->step = newest->content - earlier->content;
    newest->n_ticks = (uint8_t)MIN(earlier->n_ticks + 1, UINT8_MAX);
    newest->same = earlier->n_ticks > 0 ? same & earlier->same : same;
    newest->is_explained = earlier->is_explained || newest->step == 0 ||
                           (earlier->n_ticks > 0 && newest->step == earlier->step) ||
                           (newest->n_ticks >= MIN_TICKS && newest->same != 0) || has_shorter_period(clock, which);
    newest->bits = newest->is_explained ? 0 : (uint8_t)MIN(earlier->bits + tick_bits(clock, which), RHYTHM_BITS);
}

static void observe_clock(struct stream_observation *observation, unsigned which)
{
    struct talk *talk = &observation->stream->talk;
    struct clock *clock = talk->clocks[observation->sender][which];
    struct beat *newest = &clock->beats[(clock->n - 1) % MAX_BEATS];
    const struct beat *earlier = find_earlier(clock, which, clocks[which].period_us);

    if (earlier == NULL) {
        return;
    }
    tick(clock, which, newest, earlier);
    if (newest->n_ticks >= MIN_TICKS && newest->is_explained) {
        skypefp_stream_near(observation, "a constant, a counter or a shorter period explains the clock");
    } else if (newest->n_ticks >= MIN_TICKS && newest->bits > 0) {
        skypefp_stream_add_here(observation, observation->sender, newest->bits, earlier->frame, newest->n_ticks);
    }
}

static void observe_rhythm(struct stream_observation *observation)
{
    if (observation->news & TALK_BEAT_2) {
        observe_clock(observation, 0);
    }
    if (observation->news & TALK_BEAT_5) {
        observe_clock(observation, 1);
    }
}

const struct signature skypefp_signature_tcp_rhythm = {
    .rule = {
        .key = "tcp.rhythm",
        .group = SKYPEFP_GROUP_RHYTHM,
        .bits = RHYTHM_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 64,
        .reason = "rate of such messages × window a tick, at most 7 bits each, 8 for 540 s; 16 together by convention",
        .sentence = "Small messages tick with a clock of Skype's, 120 s or 540 s",
        .source = "sessions of 2015 and 2016; a convention beyond 16 bits",
        .face = "clock",
        .conversation = "Conversation with a clock of Skype's",
    },
    .observe_talk = observe_rhythm,
};
