/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.skypeout: a gateway's port 12340 sends voice as calls to telephones do.
 *
 *   voice     constant for the call(4) ciphertext(25)          exactly 29 octets, every 20 ms
 *
 * Source: Bonfiglio et al., SIGCOMM 2007, section 3.2.3; the pattern "skypeout" of l7-filter. No capture of one was
 * at hand, so 16 bits are a convention: possible, and never more, because it counts for the gateway, which speaks
 * nothing else. It fires after 64 datagrams to one peer with the same first four octets, 15 to 25 ms apart on the
 * average, whose next four octets always change. */
#include "signature.h"
#include "times.h"
#include "tracker.h"

enum { SKYPEOUT_BITS = 16, VOICE_LEN = 29, CONSTANT_LEN = 4, MIN_VOICE = 64 };
enum { LEAST_GAP_US = 15000, MOST_GAP_US = 25000, LONGEST_GAP_US = 1000000 };

struct voice {
    int64_t first_us, last_us;   /* of the run below */
    uint32_t n;                  /* datagrams of the run */
    uint32_t peer;               /* serial */
    uint32_t constant, changing; /* the first four octets, and the four after them of the last datagram */
    bool has_fired;
};

/* Takes a datagram into the run of its gateway, or begins another. */
static void add_voice(struct voice *voice, const skypefp_packet *packet, uint32_t peer)
{
    uint32_t constant = read_be32(packet->data), changing = read_be32(packet->data + CONSTANT_LEN);
    int64_t gap_us = elapsed_us(voice->last_us, packet->time_us);
    bool goes_on = voice->n > 0 && voice->peer == peer && voice->constant == constant && voice->changing != changing &&
                   gap_us >= 0 && gap_us <= LONGEST_GAP_US;

    if (!goes_on) {
        voice->first_us = packet->time_us;
        voice->n = 0;
        voice->has_fired = false;
    }
    voice->last_us = packet->time_us;
    voice->n++;
    voice->peer = peer;
    voice->constant = constant;
    voice->changing = changing;
}

static void observe_voice(struct observation *observation)
{
    skypefp_tracker *tracker = observation->tracker;
    const skypefp_packet *packet = observation->packet;

    if (packet->src.port != SKYPEFP_PSTN_PORT || packet->wire_len != VOICE_LEN || packet->len < 2 * CONSTANT_LEN) {
        return;
    }
    observation->src = skypefp_endpoints_touch(&tracker->endpoints, &packet->src, packet->time_us);
    observation->dst = skypefp_endpoints_touch(&tracker->endpoints, &packet->dst, packet->time_us);
    struct voice *voice = skypefp_observation_memory(observation, observation->src);
    add_voice(voice, packet, observation->dst->serial);
    int64_t mean_us = voice->n > 1 ? elapsed_us(voice->first_us, voice->last_us) / (voice->n - 1) : 0;
    if (voice->n < MIN_VOICE || voice->has_fired || mean_us < LEAST_GAP_US || mean_us > MOST_GAP_US) {
        return;
    }
    voice->has_fired = true;
    observation->pair = skypefp_pairs_touch(&tracker->pairs, packet, false, &observation->side);
    observation->finding =
        skypefp_findings_add(&tracker->findings, packet, observation->src, observation->dst, observation->pair);
    skypefp_observation_add(observation, SKYPEOUT_BITS, 0, VOICE_LEN, 0, voice->n);
}

const struct signature skypefp_signature_udp_skypeout = {
    .rule = {
        .key = "udp.skypeout",
        .group = SKYPEFP_GROUP_PSTN,
        .bits = SKYPEOUT_BITS,
        .sentence = "A gateway's port 12340 sends voice as calls to telephones do",
        .source = "Bonfiglio et al. 2007, 3.2.3; l7-filter; a convention",
        .basis = SKYPEFP_BASIS_CONVENTION,
        .reason = "no capture of it exists",
    },
    .memory_size = sizeof(struct voice),
    .observe_port = observe_voice,
};
