/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.repeat: a payload repeats the CRC of a recent one under a new IV.
 *
 *   payload   id(2) 02 IV(4) CRC(4) ciphertext            as long as before
 *
 * A retransmission keeps id and CRC and changes IV and ciphertext (skype-irc.cap 372, 494, 513; skype-one-way.pcap 1-3); one
 * message to many peers keeps the CRC with new ids and IVs (skype-irc.cap 545-552). Chance: 2^-32 for each of the last 16
 * payloads; 24 bits are left for that and for protocols with a constant there. All four IV octets must differ, the lengths be
 * equal, and 90 % of the port's datagrams have a shape: RTP whose sequence number is 0x02xx fails one. A port that sends one id
 * with two CRCs among its last payloads is no Skype: CoAP with message ids 0x02xx, random tokens and one path. */
#include "signature.h"

enum { REPEAT_BITS = 24, CRC_LEN = 4, MAX_RECENT = 16 };

struct recent {
    struct {
        uint32_t iv;
        uint32_t crc;
        uint32_t wire_len;
        uint32_t frame;
        uint16_t id;
    } payload[MAX_RECENT];
    unsigned n;                 /* seen so far; the oldest is overwritten */
    bool is_other;              /* one id came with two CRCs: another protocol */
};

static bool all_octets_differ(uint32_t a, uint32_t b)
{
    uint32_t x = a ^ b;

    return (x & 0xff) && (x & 0xff00) && (x & 0xff0000) && (x & 0xff000000);
}

static void observe_repeat(struct observation *observation)
{
    const skypefp_message *message = observation->message;

    if (message->function != SKYPEFP_FN_PAYLOAD || !message->has_crc) {
        return;
    }
    struct recent *recent = skypefp_observation_memory(observation, observation->src);
    uint32_t repeated = 0;
    for (unsigned i = 0; i < MIN(recent->n, MAX_RECENT); i++) {
        recent->is_other = recent->is_other ||
                           (recent->payload[i].id == message->id && recent->payload[i].crc != message->crc);
        if (recent->payload[i].crc == message->crc) {
            if (recent->payload[i].iv == message->iv) {
                return;         /* a copy of the frame */
            }
            if (all_octets_differ(recent->payload[i].iv, message->iv) &&
                recent->payload[i].wire_len == observation->packet->wire_len) {
                repeated = MAX(repeated, recent->payload[i].frame);
            }
        }
    }
    unsigned slot = recent->n++ % MAX_RECENT;
    recent->payload[slot].iv = message->iv;
    recent->payload[slot].crc = message->crc;
    recent->payload[slot].id = message->id;
    recent->payload[slot].wire_len = observation->packet->wire_len;
    recent->payload[slot].frame = observation->packet->frame;
    if (repeated != 0 && recent->is_other) {
        skypefp_observation_near(observation, "the port sends one id with two CRCs");
    } else if (repeated != 0 && observation->high_share) {
        skypefp_observation_add(observation, REPEAT_BITS, SKYPEFP_AT_PAYLOAD_CRC, CRC_LEN, repeated, 0);
    } else if (repeated != 0) {
        skypefp_observation_near(observation, "fewer than 90 % of the port's datagrams have a shape of Skype's");
    }
}

const struct signature skypefp_signature_udp_repeat = {
    .rule = {
        .key = "udp.repeat",
        .group = SKYPEFP_GROUP_CRC,
        .bits = REPEAT_BITS,
        .sentence = "The CRC of a recent payload returns under a new IV",
        .source = "skype-irc.cap 372, 494, 513, 545-552; skype-one-way.pcap 1-3",
    },
    .memory_size = sizeof(struct recent),
    .observe_message = observe_repeat,
};
