/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.reflect: an answer that echoes the id also carries the asker's address.
 *
 *   answer    id(2) x5|x7 address(4) …      exactly 11 octets
 *
 * Without NAT the address is the datagram's own IPv4 destination: 32 equal bits. Behind NAT it is the asker's public
 * address, which the capture does not show; then two answerers at different IP addresses must agree on one globally
 * routable address: 32 bits less 4 for what else could be constant there. What else is random in an answer must then
 * vary: a product's mark that reads as an address ("PONG" is 80.79.78.71) is followed by numbers, and its octet 2 is
 * a type. So among the answers with the address, bits 4 to 6 of octet 2 must differ (all eight values in 34 answers;
 * two of Skype's agree in 1 of 8 cases, then a third one decides), and so must each of the octets 7 to 10 (two of
 * Skype's agree in one of them in 1 of 64 cases). Other services that report a client's address put its port or a small
 * number after it. So octets 7 to 10 must not hold the asker's port, in either byte order, nor two zeros in a row: 9 of
 * 65,536 of Skype's answers do by chance. An answer that copies a field of the request (a session, the address that a
 * client registers) says nothing of the kind: what a Skype client sends is encrypted. Nor does the answer of a port that
 * mostly sends something else (see udp.echo). Source: Conley 2009 (192.168.0.19 asked); skype-irc.cap 562, 775, 2111
 * (direct), 34 answers with 86.128.245.115 (NAT). */
#include "signature.h"

enum { DIRECT_BITS = 32, NAT_BITS = 28, ADDRESS_LEN = 4, MAX_PUBLIC = 8, MAX_WAITING = 4 };
enum { AT_TAIL = SKYPEFP_AT_ANSWER_ADDRESS + ADDRESS_LEN, TAIL_LEN = 4, KIND_BITS = 0x70 };

/* A globally routable address that answerers reported to one asker. */
struct public_address {
    uint32_t address;             /* 0: unused */
    struct endpoint_key answerer; /* who reported it first */
    uint8_t kind;                 /* octet 2 of that answer; what differed from it since, bit by bit */
    uint8_t kind_varied;
    uint8_t tail[TAIL_LEN], tail_varied[TAIL_LEN];
    struct finding_name waiting[MAX_WAITING]; /* the first answers, until it is confirmed */
    uint8_t n_waiting;
    bool has_second; /* another IP address reported it, too */
    bool confirmed;
};

/* The addresses that answerers reported to one asker. */
struct reported {
    struct public_address address[MAX_PUBLIC];
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

/* Whether the asker's port, or two zeros in a row, follow the address: another service that reports addresses. */
static bool has_port_or_zeros(const skypefp_packet *packet)
{
    for (unsigned at = AT_TAIL; at + 2 <= MIN(packet->len, AT_TAIL + TAIL_LEN); at++) {
        uint16_t number = read_be16(packet->data + at);
        if (number == 0 || number == packet->dst.port || GUINT16_SWAP_LE_BE(number) == packet->dst.port) {
            return true;
        }
    }
    return false;
}

static void add_reflect(struct observation *observation, uint8_t bits, uint32_t related_frame)
{
    skypefp_observation_add(observation, bits, SKYPEFP_AT_ANSWER_ADDRESS, ADDRESS_LEN, related_frame, 0);
}

static struct public_address *find_public(struct reported *reported, uint32_t address)
{
    for (unsigned i = 0; i < MIN(reported->n, MAX_PUBLIC); i++) {
        if (reported->address[i].address == address) {
            return &reported->address[i];
        }
    }
    return NULL;
}

static void begin_public(const struct observation *observation, struct reported *reported, uint32_t address)
{
    struct public_address *public = &reported->address[reported->n++ % MAX_PUBLIC];
    const uint8_t *data = observation->packet->data;

    *public = (struct public_address){ .address = address, .answerer = observation->src->key };
    public->kind = data[SKYPEFP_AT_FUNCTION];
    memcpy(public->tail, data + AT_TAIL, TAIL_LEN);
}

/* Notes what differs from the first answer. */
static void compare_answer(const struct observation *observation, struct public_address *public)
{
    const uint8_t *data = observation->packet->data;

    public->kind_varied |= (data[SKYPEFP_AT_FUNCTION] ^ public->kind) & KIND_BITS;
    for (unsigned i = 0; i < TAIL_LEN; i++) {
        public->tail_varied[i] |= data[AT_TAIL + i] ^ public->tail[i];
    }
    public->has_second = public->has_second || !skypefp_key_same_host(&public->answerer, &observation->src->key);
}

/* Why the address is not the asker's public one yet; NULL: it is. */
static const char *doubt(const struct public_address *public)
{
    const uint8_t *varied = public->tail_varied;

    if (!public->has_second) {
        return public->n_waiting == 0 ? "no other IP address has reported this public address yet"
                                      : "only one IP address has reported this public address";
    }
    if (public->kind_varied == 0) {
        return "bits 4 to 6 of byte 2 are the same in all answers with this public address";
    }
    if (varied[0] == 0 || varied[1] == 0 || varied[2] == 0 || varied[3] == 0) {
        return "one of the last four bytes is the same in all answers with this public address";
    }
    return NULL;
}

/* The answers that waited are evidence, too. */
static void confirm(struct observation *observation, struct public_address *public)
{
    public->confirmed = true;
    observation->dst->public_ipv4 = public->address;
    for (unsigned i = 0; i < public->n_waiting; i++) {
        skypefp_observation_add_earlier(observation, public->waiting[i], NAT_BITS, SKYPEFP_AT_ANSWER_ADDRESS,
                                        ADDRESS_LEN);
        skypefp_observation_check_earlier(observation, public->waiting[i]);
    }
}

/* The answer reports a globally routable address that is not the asker's own. */
static void compare_public(struct observation *observation, uint32_t address)
{
    struct reported *reported = skypefp_observation_memory(observation, observation->dst);

    if (observation->packet->len < AT_TAIL + TAIL_LEN) {
        return;
    }
    if (find_public(reported, address) == NULL) {
        begin_public(observation, reported, address);
    }
    struct public_address *public = find_public(reported, address);
    compare_answer(observation, public);
    const char *why = public->confirmed ? NULL : doubt(public);
    if (why != NULL) {
        skypefp_observation_near(observation, why);
        if (public->n_waiting < MAX_WAITING) {
            public->waiting[public->n_waiting++] = skypefp_finding_name(observation->finding);
        }
        return;
    }
    if (!public->confirmed) {
        confirm(observation, public);
    }
    add_reflect(observation, NAT_BITS, public->waiting[0].frame);
}

static void observe_reflect(struct observation *observation)
{
    const skypefp_message *message = observation->message;
    bool is_answer = message->function == SKYPEFP_FN_ACK || message->function == SKYPEFP_FN_NAK;

    if (!is_answer || observation->request == NULL || observation->low_share || !message->has_address ||
        observation->packet->dst.len != SKYPEFP_IPV4_LEN) {
        return;
    }
    if (is_copied(observation)) {
        skypefp_observation_near(observation, "the request carries the same four octets");
    } else if (has_port_or_zeros(observation->packet)) {
        skypefp_observation_near(observation,
                                 "the asker's port or two zeros follow the address, as of another service");
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
