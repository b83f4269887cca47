/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.counter: the ids that one port sends count up by 1 or 2 over many peers.
 *
 *   payload   id(2) 02 …
 *
 * Source: skype-irc.cap 176-187 and 307-310, skype-2015.pcap 500-515. Other protocols count too, so the weight is
 * measured, not computed: it fires on both Skype clients and on none of the 640 source ports of other protocols that
 * sent 9 datagrams and more (3,335 public captures), which supports log2(640) = 9 bits. RADIUS counts ids with its
 * length where the function is: a port one of whose payloads says its own length at octets 2 and 3 is not counted
 * any more. A copy of a datagram, from a mirror port, is passed over: it has the IV of one of the last payloads. */
#include "signature.h"

enum { COUNTER_BITS = 9, MIN_STEPS = 8, MIN_PEERS = 4, MAX_STEP = 2, ID_LEN = 2, AT_RADIUS_LENGTH = 2, MAX_IVS = 8 };

struct counting {
    uint32_t peers[MIN_PEERS]; /* serials of different peers of the run */
    unsigned n_peers;
    unsigned n_steps;    /* of the run so far */
    uint32_t last_frame; /* 0: nothing yet */
    uint16_t last_id;
    bool is_radius;
    unsigned n_ivs; /* seen so far; the oldest is overwritten */
    uint32_t iv[];  /* of the last payloads; MAX_IVS at most, and room for one at first */
};

static void note_peer(struct counting *counting, uint32_t peer)
{
    for (unsigned i = 0; i < counting->n_peers; i++) {
        if (counting->peers[i] == peer) {
            return;
        }
    }
    if (counting->n_peers < MIN_PEERS) {
        counting->peers[counting->n_peers++] = peer;
    }
}

static bool is_copy(struct counting *counting, const skypefp_message *message)
{
    if (!message->has_iv) {
        return false;
    }
    for (unsigned i = 0; i < MIN(counting->n_ivs, MAX_IVS); i++) {
        if (counting->iv[i] == message->iv) {
            return true;
        }
    }
    counting->iv[counting->n_ivs++ % MAX_IVS] = message->iv;
    return false;
}

/* The memory of the sender, with room for one more IV. */
static struct counting *make_room(const struct observation *observation)
{
    const struct counting *counting = skypefp_observation_memory(observation, observation->src);
    unsigned room = 1;

    while (room < MIN(counting->n_ivs + 1, MAX_IVS)) {
        room *= 2;
    }
    return skypefp_observation_room(observation, observation->src, sizeof *counting + room * sizeof counting->iv[0]);
}

static bool says_own_length(const skypefp_packet *packet)
{
    return packet->len >= AT_RADIUS_LENGTH + 2 && read_be16(packet->data + AT_RADIUS_LENGTH) == packet->wire_len;
}

static void observe_counter(struct observation *observation)
{
    const skypefp_message *message = observation->message;

    if (message->function != SKYPEFP_FN_PAYLOAD) {
        return;
    }
    struct counting *counting = make_room(observation);
    uint16_t step = (uint16_t)(message->id - counting->last_id);
    uint32_t last_frame = counting->last_frame;

    counting->is_radius = counting->is_radius || says_own_length(observation->packet);
    if (is_copy(counting, message)) {
        return;
    }
    if (last_frame != 0 && step >= 1 && step <= MAX_STEP) {
        counting->n_steps++;
    } else {
        counting->n_steps = 0;
        counting->n_peers = 0;
    }
    counting->last_id = message->id;
    counting->last_frame = observation->packet->frame;
    note_peer(counting, observation->dst->serial);
    if (counting->n_steps >= MIN_STEPS && counting->n_peers >= MIN_PEERS && observation->high_share &&
        !counting->is_radius) {
        skypefp_observation_add(observation, COUNTER_BITS, SKYPEFP_AT_ID, ID_LEN, last_frame, 0);
    }
}

const struct signature skypefp_signature_udp_counter = {
    .rule = {
        .key = "udp.counter",
        .group = SKYPEFP_GROUP_HEADER,
        .bits = COUNTER_BITS,
        .basis = SKYPEFP_BASIS_MEASURED,
        .reason = "others count too",
        .sentence = "The ids count up over many peers",
        .source = "skype-irc.cap 176-187, skype-2015.pcap 500-515",
    },
    .memory_size = sizeof(struct counting),
    .observe_message = observe_counter,
};
