/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.fragment: a long answer comes in fragments that carry the request's id, in index order.
 *
 *   fragment  own id(2) xF request's id(2) index(1) 02 IV(4) CRC(4) data        index | 0x80 on the last
 *
 * Source: skype-irc.cap 1290-1350, 54 of 54 fragments carry the request's id. Chance: 16 bits for the id of a
 * pending request and 8 for an index one above that of the previous fragment with the same ids. */
#include "signature.h"

enum { FRAGMENT_BITS = 24, FRAGMENT_HEADER_LEN = 6, MAX_OPEN = 8 };

/* The fragmented answers that an endpoint is sending. */
struct sending {
    struct {
        uint32_t asker; /* serial */
        uint32_t frame; /* of the previous fragment; 0: unused */
        uint16_t id;
        uint16_t request_id;
        uint8_t index; /* of the previous fragment */
    } answer[MAX_OPEN];
    unsigned n; /* begun so far; the oldest is overwritten */
};

static void observe_fragment(struct observation *observation)
{
    const skypefp_message *message = observation->message;

    if (message->function != SKYPEFP_FN_FRAGMENT) {
        return;
    }
    if (observation->request == NULL) {
        skypefp_observation_near(observation, "no request with the id it names was seen");
        return;
    }
    struct sending *sending = skypefp_observation_memory(observation, observation->src);
    unsigned i = 0;
    while (i < MAX_OPEN && (sending->answer[i].frame == 0 || sending->answer[i].id != message->id ||
                            sending->answer[i].request_id != message->request_id ||
                            sending->answer[i].asker != observation->dst->serial)) {
        i++;
    }
    if (i == MAX_OPEN) {
        i = sending->n++ % MAX_OPEN;
    } else if (message->fragment_index == sending->answer[i].index + 1) {
        skypefp_observation_add(observation, FRAGMENT_BITS, SKYPEFP_AT_ID, FRAGMENT_HEADER_LEN,
                                sending->answer[i].frame, 0);
    } else {
        skypefp_observation_near(observation, "its index does not follow that of the fragment before");
    }
    sending->answer[i].asker = observation->dst->serial;
    sending->answer[i].frame = observation->packet->frame;
    sending->answer[i].id = message->id;
    sending->answer[i].request_id = message->request_id;
    sending->answer[i].index = message->fragment_index;
}

const struct signature skypefp_signature_udp_fragment = {
    .rule = {
        .key = "udp.fragment",
        .group = SKYPEFP_GROUP_CHAIN,
        .bits = FRAGMENT_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 24,
        .reason = "2⁻²⁴: id and index",
        .sentence = "The fragments carry the request's id, in index order",
        .source = "skype-irc.cap 1290-1350",
    },
    .memory_size = sizeof(struct sending),
    .observe_message = observe_fragment,
};
