/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a TCP conversation: counts their lengths and keeps the small ones for their clocks. */
#include "talk.h"

#include "address.h"
#include "times.h"

#define ANSWER_US (2 * SECOND_US)

enum { MIN_ANSWERED = 3 };

void skypefp_talk_clear(struct talk *talk)
{
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned i = 0; i < N_CLOCKS; i++) {
            g_free(talk->clocks[side][i]);
            talk->clocks[side][i] = NULL;
        }
    }
}

const struct beat *skypefp_clock_beat(const struct clock *clock, uint32_t i)
{
    return i < MIN(clock->n, MAX_BEATS) ? &clock->beats[(clock->n - 1 - i) % MAX_BEATS] : NULL;
}

bool skypefp_talk_moves(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    uint32_t end = packet->tcp_seq + packet->wire_len;
    bool goes_on = talk->has_far[side] && end - talk->far_end[side] - 1 < NEAR;

    talk->has_far[side] = !goes_on;
    talk->far_end[side] = end;
    return goes_on;
}

static void add_beat(struct talk *talk, struct clock **clock, const skypefp_packet *packet)
{
    if (*clock == NULL) {
        *clock = g_new0(struct clock, 1);
        (*clock)->first_us = talk->first_us;
        talk->has_clocks = true;
    }
    uint32_t content = packet->wire_len == 2 ? read_be16(packet->data) : read_be32(packet->data + 1);

    (*clock)->beats[(*clock)->n++ % MAX_BEATS] = (struct beat){
        .time_us = packet->time_us,
        .frame = packet->frame,
        .content = content,
        .first = packet->wire_len == 5 ? packet->data[0] : 0,
    };
}

static void take_ack(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    unsigned other = !side;
    bool is_captured = packet->len >= ACK_OCTETS;
    uint16_t begins = is_captured ? read_be16(packet->data) : 0;
    bool is_text = is_captured;

    for (uint32_t i = 0; is_text && i < ACK_OCTETS; i++) {
        is_text = g_ascii_isprint((char)packet->data[i]) || g_ascii_isspace((char)packet->data[i]);
    }
    talk->n_alike[side] += is_captured && talk->n_acks[side] > 0 && begins == talk->last_ack[side];
    talk->n_text[side] += is_text;
    talk->last_ack[side] = begins;
    talk->n_acks[side]++;
    if (talk->is_asked[other] && elapsed_us(talk->asked_us[other], packet->time_us) <= ANSWER_US) {
        talk->n_answered[other]++;
    }
}

/* A message of 2 octets; it may answer such a message of the other side's, within 2 s. */
static unsigned take_two(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    unsigned other = !side;
    struct clock *asked = talk->two_of == other + 1 ? talk->clocks[other][0] : NULL;
    bool is_answer = asked != NULL && elapsed_us(skypefp_clock_beat(asked, 0)->time_us, packet->time_us) <= ANSWER_US;

    add_beat(talk, &talk->clocks[side][0], packet);
    if (is_answer) {
        asked->n_exchanged++;
        talk->clocks[side][0]->n_exchanged++;
    }
    return TALK_BEAT_2;
}

/* A message of 5 octets; the other side's last one may have asked for it. */
static unsigned take_five(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    unsigned other = !side, news = TALK_BEAT_5;

    if (talk->five_of == other + 1) {
        struct clock *asked = talk->clocks[other][1];
        struct beat *beat = &asked->beats[(asked->n - 1) % MAX_BEATS];
        beat->is_answered = elapsed_us(beat->time_us, packet->time_us) <= ANSWER_US;
        news |= beat->is_answered ? TALK_ANSWER_5 : 0;
    }
    add_beat(talk, &talk->clocks[side][1], packet);
    return news;
}

/* A message of 2 to 5 octets. */
static unsigned take_small(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    talk->n_small++;
    if (packet->wire_len == ACK_OCTETS) {
        take_ack(talk, packet, side);
    } else if (packet->wire_len == 2 && packet->len == 2) {
        return take_two(talk, packet, side);
    } else if (packet->wire_len == 5 && packet->len == 5) {
        return take_five(talk, packet, side);
    }
    return TALK_NOTHING;
}

/* Whether the 4 octets of a side look encrypted. */
static bool varies(const struct talk *talk, unsigned side)
{
    return 4 * talk->n_alike[side] < talk->n_acks[side] && 4 * talk->n_text[side] < talk->n_acks[side];
}

static bool follows_grammar(const struct talk *talk, unsigned client)
{
    return talk->n_answered[client] >= MIN_ANSWERED && 2 * talk->n_answered[client] >= talk->n_asked[client] &&
           varies(talk, !client);
}

/* 8, 10, 12, 14, 16, 20, 24 … : numbers whose bits after the first three are 0. */
static bool is_time_to_ask(uint32_t n)
{
    return n >= FIRST_ASK && (n & ((UINT32_C(1) << (g_bit_storage(n) - 3)) - 1)) == 0;
}

unsigned skypefp_talk_ask(struct talk *talk)
{
    if (!is_time_to_ask(talk->n)) {
        return TALK_NOTHING;
    }
    for (unsigned side = 0; side < 2; side++) {
        talk->speaks_small[side] = talk->speaks_small[side] || follows_grammar(talk, side);
    }
    return talk->speaks_small[0] || talk->speaks_small[1] ? TALK_GRAMMAR : TALK_NOTHING;
}

unsigned skypefp_talk_take_small(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    unsigned news = packet->wire_len >= SMALL_MIN ? take_small(talk, packet, side) : TALK_NOTHING;

    talk->five_of = (uint8_t)(news & TALK_BEAT_5 ? side + 1 : 0);
    talk->two_of = (uint8_t)(news & TALK_BEAT_2 ? side + 1 : 0);
    talk->is_asked[!side] = false;
    return 3 * talk->n_small >= talk->n ? news | skypefp_talk_ask(talk) : news;
}
