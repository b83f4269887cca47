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
 * 540 s, a rare one, of which a capture holds few ticks; messages 10 s apart on average give none. A timer's messages
 * are not uniform: those at random multiples of 10 or 30 s (BitTorrent's choke and unchoke are 5 octets) hit the
 * clock's time 10 to 60 times as often. So, of each step of whole seconds from 5 s on into which the clock's time
 * divides, the share of its slots that are taken, without the clock's own, is a tick's chance too; the greatest counts.
 * A chain could have begun with any of the messages: log2 of how many, rounded up, is taken off. It counts from its
 * second tick on and gives 16 bits at most, because timers of whole minutes are common: a convention. The contents are
 * encrypted: a chain in which an octet never changes, that is text throughout (as 1 of 400 chains of three are by
 * chance), or that counts in equal steps, is another protocol's, and so is one whose messages come in a regular shorter
 * period. So are 2 octets of which at least half are exchanged for 2 of the other side within 2 s: pings, MQTT's among
 * them, that a cipher hides. In the sessions 11 of 62, 2 of 66, 2 of 14 and none of
 * 9 of the client's are.
 *
 * A single tick is too little by itself and has to be confirmed: by the grammar of lengths (tcp.small_talk), or, of
 * 5 octets, by answers: both messages are followed within 2 s by 5 octets of the other side, none of which is the
 * same in both answers, and no other message of 5 octets falls between. That gives 9 bits more, a convention: in the
 * sessions each of the 26 was answered so. Of 635 random models of encrypted exchanges of 5 octets on a grid of 1 to
 * 540 s, on a host that runs Skype, 28 are likely by this rule. */
#include "stream_signature.h"
#include "times.h"

enum {
    RHYTHM_BITS = 16,
    ANSWER_BITS = 9,
    MIN_TICKS = 2,
    MAX_DIVISOR = 30,
    MIN_STEP = 256,
    GRID_STEP_S = 5,
    SAME_TEXT = 1 << 5
};
#define EARLY_US ((int64_t)100000)

static const struct {
    int64_t period_us, late_us;
    unsigned n_octets;
    uint8_t max_bits;
} clocks[N_CLOCKS] = {
    { 120 * SECOND_US, 4 * SECOND_US / 10, 2, 7 },
    { 540 * SECOND_US, 6 * SECOND_US / 10, 5, 8 },
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

/* The share of slots that messages have taken on the grid of a step through the newest, among the slots that are not
 * the clock's own. Each message on the grid is the next one's measure, so that a timer may drift. */
static double grid_share(const struct clock *clock, unsigned which, int64_t step_us)
{
    const struct beat *newest = skypefp_clock_beat(clock, 0), *on_grid = newest, *beat;
    int64_t slots = 0, per_period = clocks[which].period_us / step_us, seen_us = 0;
    uint32_t taken = 0;

    for (uint32_t i = 1; (beat = skypefp_clock_beat(clock, i)) != NULL; i++) {
        int64_t before_us = elapsed_us(beat->time_us, on_grid->time_us), k = (before_us + EARLY_US) / step_us;
        if (k > 0 && is_about(before_us, k * step_us, clocks[which].late_us)) {
            on_grid = beat;
            slots += k;
            taken += slots % per_period != 0;
        }
        seen_us = elapsed_us(beat->time_us, newest->time_us);
    }
    double others = (double)seen_us / (double)step_us * (double)(per_period - 1) / (double)per_period;
    return taken > 0 ? (double)taken / others : 0;
}

/* The greatest share of a grid, of all steps of whole seconds into which the clock's time divides. */
static double greatest_share(const struct clock *clock, unsigned which)
{
    double share = 0;

    for (int64_t step_us = GRID_STEP_S * SECOND_US; step_us < clocks[which].period_us; step_us += SECOND_US) {
        if (clocks[which].period_us % step_us == 0) {
            share = MAX(share, grid_share(clock, which, step_us));
        }
    }
    return share;
}

/* What a tick is worth by the rate of messages of its length so far, and by the grids that they keep. */
static uint8_t tick_bits(const struct clock *clock, unsigned which)
{
    int64_t seen_us = elapsed_us(clock->first_us, skypefp_clock_beat(clock, 0)->time_us);
    double window_s = (double)(EARLY_US + clocks[which].late_us) / (double)SECOND_US;
    double chance = seen_us > 0 ? (double)clock->n * (double)SECOND_US / (double)seen_us * window_s : 1;
    uint8_t bits = 0;

    chance = MAX(chance, greatest_share(clock, which));
    while (bits < clocks[which].max_bits && chance <= 0.5) {
        chance *= 2;
        bits++;
    }
    return bits;
}

/* Whether 2 octets are mostly answered by 2, as pings are. */
static bool is_ping(const struct clock *clock)
{
    return 2 * (uint64_t)clock->n_exchanged >= clock->n;
}

static bool is_text(const struct beat *beat, unsigned n_octets)
{
    bool is_text = n_octets <= sizeof beat->content || g_ascii_isprint((gchar)beat->first);

    for (unsigned i = 0; i < MIN(n_octets, sizeof beat->content); i++) {
        is_text = is_text && g_ascii_isprint((gchar)(beat->content >> 8 * i & 0xff));
    }
    return is_text;
}

/* A bit for each octet that two messages share, and one if both are text. */
static unsigned same_octets(const struct beat *a, const struct beat *b, unsigned n_octets)
{
    unsigned same = n_octets > sizeof a->content && a->first == b->first ? 1U << sizeof a->content : 0;

    for (unsigned i = 0; i < MIN(n_octets, sizeof a->content); i++) {
        same |= (unsigned)(((a->content ^ b->content) >> 8 * i & 0xff) == 0) << i;
    }
    return is_text(a, n_octets) && is_text(b, n_octets) ? same | SAME_TEXT : same;
}

/* Continues the chain of an earlier beat with the newest one. */
static void tick(const struct clock *clock, unsigned which, struct beat *newest, const struct beat *earlier)
{
    unsigned same = same_octets(newest, earlier, clocks[which].n_octets);

    newest->step = newest->content - earlier->content;
    newest->n_ticks = (uint8_t)MIN(earlier->n_ticks + 1, UINT8_MAX);
    newest->same = (earlier->n_ticks > 0 ? same & earlier->same : same) & 0x3f;
    newest->is_explained = earlier->is_explained || newest->step == 0 ||
                           (earlier->n_ticks > 0 && newest->step == earlier->step) ||
                           (newest->n_ticks >= MIN_TICKS && newest->same != 0) || has_shorter_period(clock, which);
    newest->bits = newest->is_explained ? 0 : (uint8_t)MIN(earlier->bits + tick_bits(clock, which), UINT8_MAX);
}

/* What the chain of a beat gives, less the choice among the messages that it could have begun with. */
static uint8_t chain_bits(const struct clock *clock, const struct beat *beat)
{
    unsigned choice = 0;

    while (choice < UINT8_MAX && clock->n - beat->n_ticks > UINT64_C(1) << choice) {
        choice++;
    }
    return (uint8_t)MIN(beat->bits > choice ? beat->bits - choice : 0U, RHYTHM_BITS);
}

/* What a single tick gives, if neither an octet stayed in it, nor is it text, nor a counter went on. */
static uint8_t lone_bits(const struct clock *clock, const struct beat *newest)
{
    bool counts = newest->step < MIN_STEP || -newest->step < MIN_STEP;

    return newest->same == 0 && !counts ? chain_bits(clock, newest) : 0;
}

/* Keeps the best single tick. */
static void keep_lone(struct clock *clock, const struct beat *newest, const struct beat *earlier)
{
    uint8_t bits = lone_bits(clock, newest);

    if (bits > clock->lone.bits) {
        clock->lone = (struct lone_tick){ .earlier = earlier->frame, .bits = bits };
    }
}

static void observe_clock(struct stream_observation *observation, unsigned which)
{
    struct clock *clock = observation->stream->talk.clocks[observation->sender][which];
    struct beat *newest = &clock->beats[(clock->n - 1) % MAX_BEATS];
    const struct beat *earlier = find_earlier(clock, which, clocks[which].period_us);

    if (earlier == NULL) {
        return;
    }
    tick(clock, which, newest, earlier);
    if (is_ping(clock)) {
        skypefp_stream_near(observation, "2 octets are answered by 2 octets, as pings are");
    } else if (newest->n_ticks < MIN_TICKS) {
        keep_lone(clock, newest, earlier);
    } else if (newest->is_explained) {
        skypefp_stream_near(observation, "a constant, text, a counter or a shorter period explains the clock");
    } else if (chain_bits(clock, newest) > 0) {
        skypefp_stream_add_here(observation, observation->sender, chain_bits(clock, newest), earlier->frame,
                                newest->n_ticks);
    }
}

/* Adds a single tick of a side, unless the rule gave the side as many bits before. */
static void add_lone(const struct stream_observation *observation, enum stream_side side, const struct lone_tick *lone,
                     uint8_t bits)
{
    if (skypefp_stream_bits(observation, side) < bits) {
        skypefp_stream_add_here(observation, side, bits, lone->earlier, 1);
    }
}

/* The other side has answered the newest beat of a clock of 5 octets: if that was a single tick, and the message of 5
 * octets before it was its beat and was answered too, by other octets, the tick counts. */
static void observe_answer(struct stream_observation *observation)
{
    const struct talk *talk = &observation->stream->talk;
    enum stream_side asker = observation->sender == INITIATOR ? RESPONDER : INITIATOR;
    const struct clock *asked = talk->clocks[asker][1], *answers = talk->clocks[observation->sender][1];
    const struct beat *newest = skypefp_clock_beat(asked, 0), *earlier = skypefp_clock_beat(asked, 1);
    const struct beat *answer = skypefp_clock_beat(answers, 0), *before = skypefp_clock_beat(answers, 1);

    if (newest->n_ticks != 1 || earlier == NULL || earlier != find_earlier(asked, 1, clocks[1].period_us) ||
        !earlier->is_answered || before == NULL) {
        return;
    }
    struct lone_tick lone = { .earlier = earlier->frame, .bits = lone_bits(asked, newest) };

    if (lone.bits > 0 && same_octets(answer, before, clocks[1].n_octets) == 0 && answer->content != newest->content) {
        add_lone(observation, asker, &lone, (uint8_t)MIN(lone.bits + ANSWER_BITS, RHYTHM_BITS));
    }
}

/* Single ticks of the side that speaks as Skype's client does. */
static void observe_grammar(struct stream_observation *observation)
{
    const struct talk *talk = &observation->stream->talk;

    for (unsigned side = 0; side < 2; side++) {
        for (unsigned i = 0; talk->speaks_small[side] && i < N_CLOCKS; i++) {
            const struct clock *clock = talk->clocks[side][i];
            if (clock != NULL && clock->lone.bits > 0 && !is_ping(clock)) {
                add_lone(observation, side, &clock->lone, clock->lone.bits);
            }
        }
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
    if (observation->news & TALK_ANSWER_5) {
        observe_answer(observation);
    }
    observe_grammar(observation);
}

const struct signature skypefp_signature_tcp_rhythm = {
    .rule = {
        .key = "tcp.rhythm",
        .group = SKYPEFP_GROUP_RHYTHM,
        .bits = RHYTHM_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 64,
        .reason = "rate of such messages × window a tick, at most 7 bits each, 8 for 540 s, less the choice of a "
                  "chain; 16 together by convention; 9 where 5 bytes answer 5, a convention too",
        .sentence = "Small messages tick with a clock of Skype's, 120 s or 540 s",
        .source = "sessions of 2015 and 2016; the limit of 16 bits is a convention",
        .face = "clock",
        .conversation = "Conversation with a clock of Skype's",
    },
    .observe_talk = observe_rhythm,
};
