/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.small_talk: the lengths of a conversation's messages follow the grammar that Skype's clients and servers
 * speak.
 *
 * Most messages of the client of more than 5 octets get exactly 4 octets back: the other side's next message, within
 * 2 s. At least a third of all messages have 2 to 5 octets (memory/talk.c). Asked after 8, 10, 12, 14, 16, 20, 24 …
 * messages; once it holds, it stays. Source: four sessions of 2015, 34 of 44, 33 of 41, 6 of 7 and 19 of 20 messages
 * of the client answered so. The contents are encrypted, so the 4 octets begin alike once in 65,536 times and are
 * text once in 50: MQTT's acknowledgements (40 02), lengths that precede a message and replies in text differ in
 * that, unless a cipher that keeps lengths hides them: therefore the lengths never make a clock likely (verdict.h).
 * Weight: measured, see the record. */
#include "stream_signature.h"

enum { TALK_BITS = 9 };

static void observe_lengths(struct stream_observation *observation)
{
    struct talk *talk = &observation->stream->talk;
    bool is_reversed = talk->speaks_small[RESPONDER] && !observation->stream->knows_sides;

    if (!(observation->news & TALK_GRAMMAR) || talk->has_small_talk ||
        !(talk->speaks_small[INITIATOR] || is_reversed)) {
        return;
    }
    talk->has_small_talk = true;
    skypefp_stream_add_here(observation, talk->speaks_small[INITIATOR] ? INITIATOR : RESPONDER, TALK_BITS, 0, talk->n);
}

const struct signature skypefp_signature_tcp_small_talk = {
    .rule = {
        .key = "tcp.small_talk",
        .group = SKYPEFP_GROUP_TALK,
        .bits = TALK_BITS,
        .basis = SKYPEFP_BASIS_MEASURED,
        .reason = "9 conversations of Skype, 0 of 991 others after the vetoes",
        .sentence = "The lengths of messages follow the grammar of Skype's servers",
        .source = "sessions of 2015; measured",
        .face = "small talk",
        .conversation = "Conversation with the message lengths of Skype's servers",
    },
    .observe_talk = observe_lengths,
};
