/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a TCP conversation after its first octets: their lengths, and the clocks among the smallest.
 *
 * A message is a segment with payload that brings new octets. What a conversation costs is one struct; each clock it
 * may have is followed in a ring that is allocated with the first message of that length. Time is a parameter. */
#ifndef SKYPEFP_TALK_H
#define SKYPEFP_TALK_H

#include "skypefp.h"

enum {
    MAX_BEATS = 32, /* messages of one length and direction that are remembered for its clock */
    N_CLOCKS = 2,   /* of messages of 2 octets, and of 5 */
    SMALL_MIN = 2,
    SMALL_MAX = 5,  /* octets of a small message */
    ACK_OCTETS = 4, /* what answers most messages of the client */
    FIRST_ASK = 8,  /* messages after which the lengths are looked at first; then after a quarter more, at most */
    NEAR = 1 << 24  /* octets, sixteen megabytes: more than a capture that lost packets skips in silence */
};

/* One message of a clock's length. */
struct beat {
    int64_t time_us;
    uint32_t frame;
    uint32_t content;      /* 2 octets, or the last 4 of 5 */
    uint32_t step;         /* content less that of the beat before in the chain */
    uint8_t first;         /* the first of 5 octets; 0 of 2 */
    uint8_t n_ticks;       /* beats before it in the chain, at most 255 */
    uint8_t bits;          /* what the ticks of the chain give, at most 255 */
    unsigned same : 6;     /* a bit for each octet that never changed in the chain, and one if all was text */
    bool is_explained : 1; /* a constant, a counter, or a shorter period explains the chain */
    bool is_answered : 1;  /* of 5 octets: the next message was the other side's, had as many and came within 2 s */
};

/* A single tick of a clock, which something else has to confirm. */
struct lone_tick {
    uint32_t earlier; /* frame of the beat before */
    uint8_t bits;     /* 0: there was none yet */
};

struct clock {
    struct beat beats[MAX_BEATS];
    uint32_t n;            /* seen so far; the oldest is overwritten */
    uint32_t n_exchanged;  /* of 2 octets: times that one was answered by 2 octets, or was that answer */
    int64_t first_us;      /* of the conversation's first message */
    struct lone_tick lone; /* the best one */
};

struct talk {
    struct clock *clocks[2][N_CLOCKS]; /* by side; NULL: no such message yet */
    int64_t first_us;                  /* of the first message */
    int64_t asked_us[2];               /* of a side's last message of more than SMALL_MAX octets, with is_asked */
    uint32_t next_seq[2];              /* with has_seq */
    uint32_t far_end[2];               /* with has_far: where the last segment ended that is not NEAR next_seq */
    uint32_t n;                        /* messages */
    uint32_t n_small;
    uint32_t n_asked[2], n_answered[2]; /* a side's messages of more than SMALL_MAX octets, and those to which the
                                           other side's next message had 4 octets and came within 2 s */
    uint32_t n_acks[2];                 /* a side's messages of 4 octets */
    uint32_t n_alike[2];                /* of them, those that begin with the same two octets as the one before */
    uint32_t n_text[2];                 /* of them, printable ones */
    uint16_t last_ack[2];               /* first two octets of the last one */
    bool has_seq[2], has_far[2], is_asked[2];
    bool has_clocks;      /* one of them was seen */
    uint8_t five_of;      /* the last message had 5 octets and is the newest beat of side five_of - 1; 0: it had not */
    uint8_t two_of;       /* the same of 2 octets */
    bool speaks_small[2]; /* the lengths followed the grammar once, with that side as the client */
    bool has_small_talk;  /* tcp.small_talk has fired */
};

/* What a message was; a combination. TALK_GRAMMAR: the lengths have just been looked at, and follow the grammar now or
 * did before. TALK_ANSWER_5: it answers 5 octets with 5. */
enum { TALK_NOTHING = 0, TALK_BEAT_2 = 1, TALK_BEAT_5 = 2, TALK_GRAMMAR = 4, TALK_ANSWER_5 = 8 };

/* A message of at most SMALL_MAX octets, counted in n; and the look at the lengths, when it is time. */
unsigned skypefp_talk_take_small(struct talk *talk, const skypefp_packet *packet, unsigned side);
unsigned skypefp_talk_ask(struct talk *talk);

/* Whether a segment far from what its side sent before goes on after another one: two of them are believed. One may be
 * forged, or another connection's. */
bool skypefp_talk_moves(struct talk *talk, const skypefp_packet *packet, unsigned side);

/* Whether a segment brings octets that its side has not sent before. */
static inline bool talk_is_new(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    uint32_t ahead = packet->tcp_seq + packet->wire_len - talk->next_seq[side];

    if (packet->wire_len == 0 || !talk->has_seq[side] || ahead - 1 < NEAR) {
        return packet->wire_len != 0;
    }
    return 0u - ahead >= NEAR && skypefp_talk_moves(talk, packet, side);
}

/* Takes a segment of a side in (0: the initiator); TALK_…: what there is to look at. Inline: what nearly every one is,
 * a message of many octets. */
static inline unsigned skypefp_talk_take(struct talk *talk, const skypefp_packet *packet, unsigned side)
{
    if (!talk_is_new(talk, packet, side)) {
        return TALK_NOTHING;
    }
    talk->next_seq[side] = packet->tcp_seq + packet->wire_len;
    talk->has_seq[side] = true;
    talk->first_us = talk->n == 0 ? packet->time_us : talk->first_us;
    talk->n++;
    if (packet->wire_len <= SMALL_MAX) {
        return skypefp_talk_take_small(talk, packet, side);
    }
    talk->five_of = talk->two_of = 0;
    talk->is_asked[!side] = false;
    talk->is_asked[side] = true;
    talk->n_asked[side]++;
    talk->asked_us[side] = packet->time_us;
    return 3 * talk->n_small >= talk->n ? skypefp_talk_ask(talk) : TALK_NOTHING;
}

void skypefp_talk_clear(struct talk *talk);

/* The newest beat of a clock, and the i-th before it; NULL: none. */
const struct beat *skypefp_clock_beat(const struct clock *clock, uint32_t i);

#endif
