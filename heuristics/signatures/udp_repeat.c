/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.repeat: a payload repeats the CRC of a recent one under a new IV.
 *
 *   payload   id(2) 02 IV(4) CRC(4) ciphertext            as long as before
 *
 * A retransmission keeps id and CRC and changes IV and ciphertext (skype-irc.cap 372, 494, 513; skype-one-way.pcap
 * 1-3); one message to many peers keeps the CRC with new ids and IVs (skype-irc.cap 545-552). Chance: 2^-32 for each
 * of the last 16 payloads; 22 bits are left for that and for protocols with a constant there: alone it is possible,
 * never likely. All four IV octets must differ, and so must the first four of the ciphertext (a chance of 2^-6 each
 * that Skype's do not), the lengths be equal, and 90 % of the port's datagrams have a shape: RTP whose sequence
 * number is 0x02xx fails one. A port is not Skype if, among its last payloads, it sent one id with two CRCs (CoAP
 * with message ids 0x02xx, random tokens and one path) or one CRC to a peer under two ids (a session's number).
 * A node's id in every ping, with a nonce before it, comes back like that, too, and such a protocol also echoes and
 * counts its ids: the three rules are one group. */
#include "signature.h"

enum { REPEAT_BITS = 22, CRC_LEN = 4, MAX_RECENT = 16, AT_CIPHERTEXT = SKYPEFP_AT_PAYLOAD_CRC + CRC_LEN };

struct payload {
    uint32_t iv;
    uint32_t crc;
    uint32_t ciphertext; /* its first four octets, with has_ciphertext */
    uint32_t wire_len;
    uint32_t frame;
    uint32_t peer; /* serial of the endpoint it went to */
    uint16_t id;
    bool has_ciphertext;
};

/* Most ports of other protocols send one message that looks like a payload, so there is room for one at first. */
struct recent {
    unsigned n;               /* seen so far; the oldest is overwritten */
    bool is_other;            /* another protocol: two payloads contradict each other */
    struct payload payload[]; /* MAX_RECENT at most */
};

static bool all_octets_differ(uint32_t a, uint32_t b)
{
    uint32_t x = a ^ b;

    return (x & 0xff) && (x & 0xff00) && (x & 0xff0000) && (x & 0xff000000);
}

static struct payload read_payload(const struct observation *observation)
{
    const skypefp_packet *packet = observation->packet;
    bool has_ciphertext = packet->len >= AT_CIPHERTEXT + 4;

    return (struct payload){
        .iv = observation->message->iv,
        .crc = observation->message->crc,
        .ciphertext = has_ciphertext ? read_be32(packet->data + AT_CIPHERTEXT) : 0,
        .wire_len = packet->wire_len,
        .frame = packet->frame,
        .peer = observation->dst->serial,
        .id = observation->message->id,
        .has_ciphertext = has_ciphertext,
    };
}

/* Whether no Skype client sends both of two payloads under different IVs. */
static bool is_contradiction(const struct payload *a, const struct payload *b)
{
    return a->id == b->id ? a->crc != b->crc : a->crc == b->crc && a->peer == b->peer;
}

static bool is_repetition(const struct payload *a, const struct payload *b)
{
    return a->crc == b->crc && a->wire_len == b->wire_len && a->has_ciphertext && b->has_ciphertext &&
           all_octets_differ(a->iv, b->iv) && all_octets_differ(a->ciphertext, b->ciphertext);
}

/* The recent payloads of the sender, with room for one more. */
static struct recent *make_room(const struct observation *observation)
{
    const struct recent *recent = skypefp_observation_memory(observation, observation->src);
    unsigned room = 1;

    while (room < MIN(recent->n + 1, MAX_RECENT)) {
        room *= 2;
    }
    return skypefp_observation_room(observation, observation->src,
                                    sizeof(struct recent) + room * sizeof(struct payload));
}

static void observe_repeat(struct observation *observation)
{
    const skypefp_message *message = observation->message;

    if (message->function != SKYPEFP_FN_PAYLOAD || !message->has_crc) {
        return;
    }
    struct recent *recent = make_room(observation);
    struct payload payload = read_payload(observation);
    uint32_t repeated = 0;
    for (unsigned i = 0; i < MIN(recent->n, MAX_RECENT); i++) {
        if (recent->payload[i].crc == payload.crc && recent->payload[i].iv == payload.iv) {
            return; /* a copy of the frame */
        }
        recent->is_other = recent->is_other || is_contradiction(&recent->payload[i], &payload);
        if (is_repetition(&recent->payload[i], &payload)) {
            repeated = MAX(repeated, recent->payload[i].frame);
        }
    }
    recent->payload[recent->n++ % MAX_RECENT] = payload;
    if (repeated != 0 && recent->is_other) {
        skypefp_observation_near(observation, "the port sends one id with two CRCs, or a peer one CRC under two ids");
    } else if (repeated != 0 && observation->high_share) {
        skypefp_observation_add(observation, REPEAT_BITS, SKYPEFP_AT_PAYLOAD_CRC, CRC_LEN, repeated, 0);
    } else if (repeated != 0) {
        skypefp_observation_near(observation, "fewer than 90 % of the port's datagrams have a shape of Skype's");
    }
}

const struct signature skypefp_signature_udp_repeat = {
    .rule = {
        .key = "udp.repeat",
        .group = SKYPEFP_GROUP_HEADER,
        .bits = REPEAT_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 28,
        .reason = "16 · 2⁻³²: one of 16 CRCs",
        .sentence = "The CRC of a recent payload returns under a new IV",
        .source = "skype-irc.cap 372, 494, 513, 545-552; skype-one-way.pcap 1-3",
    },
    .memory_size = sizeof(struct recent) + sizeof(struct payload),
    .observe_message = observe_repeat,
};
