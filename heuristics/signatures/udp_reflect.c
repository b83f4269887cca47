/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.reflect: an answer that echoes the id also carries the asker's address.
 *
 *   answer    id(2) x5|x7 address(4) …      exactly 11 octets
 *
 * Without NAT the address is the datagram's own IPv4 destination: 32 equal bits. Behind NAT it is the asker's public
 * address, which the capture does not show; then two answerers at different IP addresses must agree on one globally
 * routable address: 32 bits less 4 for what else could be constant there. An answer that copies a field of the
 * request (a session, the address that a client registers) says nothing of the kind: what a Skype client sends is
 * encrypted. Source: Conley 2009 (192.168.0.19 asked); skype-irc.cap 562, 775, 2111 (direct), 34 answers with
 * 86.128.245.115 (NAT). */
#include "signature.h"

enum { DIRECT_BITS = 32, NAT_BITS = 28, ADDRESS_LEN = 4, MAX_PUBLIC = 8 };

/* The addresses that answerers reported to one asker. */
struct reported {
    struct {
        uint32_t address;             /* 0: unused */
        struct endpoint_key answerer; /* who reported it first */
        struct finding_name answer;
        bool confirmed; /* by another IP address */
    } address[MAX_PUBLIC];
    unsigned n; /* reported so far; the oldest is overwritten */
};

static bool is_own_address(const skypefp_packet *packet, uint32_t address)
{
    return read_be32(packet->dst.bytes) == address;
}

/* Whether the four octets of the address are in the request. */
static bool is_copied(const struct observation *observation)
{
    const struct request *request = observation->request;

    for (unsigned i = 0; i + ADDRESS_LEN <= request->n_head; i++) {
        if (memcmp(request->head + i, observation->packet->data + SKYPEFP_AT_ANSWER_ADDRESS, ADDRESS_LEN) == 0) {
            return true;
        }
    }
    return false;
}

static void add_reflect(struct observation *observation, uint8_t bits, uint32_t related_frame)
{
    skypefp_observation_add(observation, bits, SKYPEFP_AT_ANSWER_ADDRESS, ADDRESS_LEN, related_frame, 0);
}

/* The answer reports a globally routable address that is not the asker's own. */
static void compare_public(struct observation *observation, uint32_t address)
{
    struct reported *reported = skypefp_observation_memory(observation, observation->dst);

    for (unsigned i = 0; i < MIN(reported->n, MAX_PUBLIC); i++) {
        if (reported->address[i].address != address) {
            continue;
        }
        if (!reported->address[i].confirmed) {
            if (skypefp_key_same_host(&reported->address[i].answerer, &observation->src->key)) {
                skypefp_observation_near(observation, "only one IP address has reported this public address");
                return;
            }
            reported->address[i].confirmed = true;
            observation->dst->public_ipv4 = address;
            skypefp_observation_add_earlier(observation, reported->address[i].answer, NAT_BITS,
                                            SKYPEFP_AT_ANSWER_ADDRESS, ADDRESS_LEN);
            skypefp_observation_check_earlier(observation, reported->address[i].answer);
        }
        add_reflect(observation, NAT_BITS, reported->address[i].answer.frame);
        return;
    }
    unsigned slot = reported->n++ % MAX_PUBLIC;
    reported->address[slot].address = address;
    reported->address[slot].answerer = observation->src->key;
    reported->address[slot].answer = skypefp_finding_name(observation->finding);
    reported->address[slot].confirmed = false;
    skypefp_observation_near(observation, "no other IP address has reported this public address yet");
}

static void observe_reflect(struct observation *observation)
{
    const skypefp_message *message = observation->message;
    bool is_answer = message->function == SKYPEFP_FN_ACK || message->function == SKYPEFP_FN_NAK;

    if (!is_answer || observation->request == NULL || !message->has_address ||
        observation->packet->dst.len != SKYPEFP_IPV4_LEN) {
        return;
    }
    if (is_copied(observation)) {
        skypefp_observation_near(observation, "the request carries the same four octets");
    } else if (is_own_address(observation->packet, message->address)) {
        add_reflect(observation, DIRECT_BITS, observation->request->asked.frame);
    } else if (skypefp_ipv4_is_global(message->address)) {
        compare_public(observation, message->address);
    } else {
        skypefp_observation_near(observation, "the address is neither the asker's own nor globally routable");
    }
}

const struct signature skypefp_signature_udp_reflect = {
    .rule = {
        .key = "udp.reflect",
        .group = SKYPEFP_GROUP_ADDRESS,
        .bits = DIRECT_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 32,
        .reason = "2⁻³²: the address; 28 behind NAT",
        .sentence = "The answer carries the asker's own or public address",
        .source = "Conley 2009; skype-irc.cap 562, 553-560",
    },
    .memory_size = sizeof(struct reported),
    .observe_message = observe_reflect,
};
