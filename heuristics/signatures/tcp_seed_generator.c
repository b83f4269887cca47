/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.seed_generator: the seed of a TCP direction is a few steps on from the UDP IVs of the same host.
 *
 *   seed(4) …                 the first four octets, or those after the fake TLS hello
 *
 * Source: skype-irc.cap and skype-2015.pcap: seeds and IVs come from one generator. Chance: sum of the windows tried
 * / 2^32 for each conversation of a host with udp.iv evidence; all of a host's conversations are tried, so fewer
 * than 20 bits do not count, and neither do four printable octets or the start of another protocol: constants that
 * the generator may come past at any time. */
#include "openings.h"
#include "signature.h"
#include "steps.h"
#include "stream_signature.h"
#include "tcp_fake_tls.h"
#include "tracker.h"

enum { SEED_LEN = 4, MIN_SEED_BITS = 20 };

static skypefp_endpoint *touch_host(struct skypefp_tracker *tracker, const skypefp_packet *packet)
{
    skypefp_address host = { packet->src.bytes, packet->src.len, 0, packet->src.scope };

    return skypefp_endpoints_touch(&tracker->hosts, &host, packet->time_us);
}

static bool is_generator_evidence(const skypefp_finding *finding)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (skypefp_rule_at(evidence->rule)->group == SKYPEFP_GROUP_GENERATOR) {
            return true;
        }
    }
    return false;
}

/* UDP: the host draws from a generator, as the evidence of this very message says. */
static void follow_generator(struct observation *observation)
{
    const skypefp_message *message = observation->message;

    if (message->has_iv && is_generator_evidence(observation->finding)) {
        skypefp_endpoint *host = touch_host(observation->tracker, observation->packet);
        struct steps *steps = skypefp_endpoint_memory(host, observation->rule, sizeof(struct steps));
        skypefp_steps_observe(steps, message->iv, observation->packet->time_us,
                              skypefp_finding_name(observation->finding));
    }
}

G_GNUC_NO_INLINE static void compare_seed(struct stream_observation *observation)
{
    enum stream_side sender = observation->sender;
    const struct direction *own = stream_direction(observation, sender);
    const struct endpoint_key *key = &observation->stream->key[sender];
    skypefp_address host_address = { key->bytes, key->len, 0, key->scope };
    struct endpoint_key host_key = skypefp_key(&observation->tracker->hosts.hash_key, &host_address);
    skypefp_endpoint *host = skypefp_endpoints_lookup(&observation->tracker->hosts, &host_key);
    uint32_t at = skypefp_opens_as_fake_client(own)   ? FAKE_CLIENT_HELLO_LEN
                  : skypefp_opens_as_fake_server(own) ? FAKE_SERVER_HELLO_LEN
                                                      : 0;

    if (host == NULL || !skypefp_direction_covers(own, at, SEED_LEN) || skypefp_stream_bits(observation, sender) > 0 ||
        (at == 0 && (skypefp_opens_as_known_binary(own) || skypefp_count_binary(own, SEED_LEN) == 0))) {
        return;
    }
    const struct steps *steps = skypefp_endpoint_memory(host, observation->rule, sizeof(struct steps));
    struct step_match match = skypefp_steps_compare(steps, read_be32(own->first + at), observation->packet->time_us);

    if (match.bits >= MIN_SEED_BITS) {
        skypefp_stream_add(observation, sender, match.bits, at, SEED_LEN, match.earlier.frame, match.steps);
    }
}

static void observe_seed(struct stream_observation *observation)
{
    if (observation->tracker->hosts.lru.length > 0) { /* most captures have nothing to compare with */
        compare_seed(observation);
    }
}

static const skypefp_part parts[] = { { SKYPEFP_PART_SEED, 0, SEED_LEN } };

const struct signature skypefp_signature_tcp_seed_generator = {
    .rule = {
        .key = "tcp.seed_generator",
        .group = SKYPEFP_GROUP_GENERATOR,
        .bits = 26,             /* one window of 64 steps */
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 26,
        .reason = "windows tried / 2³²: one of 64 steps",
        .sentence = "The seed is the host's UDP generator a few steps on",
        .source = "skype-irc.cap, skype-2015.pcap: seeds against IVs",
        .face = "seed",
        .conversation = "First message with a seed of the UDP generator",
        .parts = parts,
        .n_parts = G_N_ELEMENTS(parts),
    },
    .memory_size = sizeof(struct steps),
    .observe_message = follow_generator,
    .observe_stream = observe_seed,
};
