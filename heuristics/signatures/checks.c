/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares a message with the request that it answers and with the one before that has its id. */
#include "checks.h"

#include "times.h"
#include "tracker.h"

enum { SAME_IV_OCTETS = 3 };
#define SAME_ID_US (10 * MINUTE_US)

/* Whether a message carries its receiver's address, or the known public one. */
static bool carries_address(const struct observation *observation)
{
    const skypefp_address *dst = &observation->packet->dst;
    uint32_t address = observation->message->address;

    return observation->message->has_address && dst->len == SKYPEFP_IPV4_LEN &&
           (address == read_be32(dst->bytes) || (address == observation->dst->public_ipv4 && address != 0));
}

/* Whether an answer, resend or fragment agrees with what is known. An id that was asked for is too little for an
 * answer or a resend: many protocols repeat one, and some have a constant there. */
static bool agrees(const struct observation *observation)
{
    const skypefp_message *message = observation->message;
    const struct request *request = observation->request;

    switch (message->function) {
    case SKYPEFP_FN_ACK:
    case SKYPEFP_FN_NAK:
        return carries_address(observation);
    case SKYPEFP_FN_RESEND:
        return carries_address(observation) ||
               (request != NULL && request->has_crc && message->has_crc && message->crc == request->crc);
    case SKYPEFP_FN_FRAGMENT:
        return request != NULL;
    default:
        return false;
    }
}

static void check_answer(struct observation *observation)
{
    if (agrees(observation)) {
        skypefp_observation_check(observation);
    }
}

/* How many octets of two IVs are equal, each in its place. */
static unsigned equal_octets(uint32_t a, uint32_t b)
{
    unsigned n = 0;

    for (uint32_t rest = a ^ b, i = 0; i < sizeof rest; i++, rest >>= 8) {
        n += (rest & 0xff) == 0;
    }
    return n;
}

/* Whether a payload and the one before with its id, from the same port to the same one, are not Skype's: a payload
 * that is sent again keeps its CRC and draws another IV. A copy of it, bit for bit, is one of a mirror port. Source:
 * all 7 payloads of the real captures that are sent again. Chance: 2^-16 for an id, 2^-22 for an IV that shares
 * three octets. */
static bool contradicts(const struct observation *observation, const struct request *before)
{
    const skypefp_message *message = observation->message;
    const skypefp_packet *packet = observation->packet;

    if (!message->has_crc || !before->has_crc || elapsed_us(before->time_us, packet->time_us) > SAME_ID_US) {
        return false;
    }
    uint32_t n = MIN(before->n_head, packet->len - message->iv_at);
    bool is_copy = message->iv == before->iv && memcmp(before->head, packet->data + message->iv_at, n) == 0;

    return !is_copy && (message->crc != before->crc || equal_octets(message->iv, before->iv) >= SAME_IV_OCTETS);
}

static void refuse(skypefp_finding *finding)
{
    if (finding != NULL && finding->check != SKYPEFP_CHECKED) {
        finding->check = SKYPEFP_FOREIGN;
    }
}

/* Compares a payload with the one before it that has its id. */
static void check_id(const struct observation *observation)
{
    const skypefp_tracker *tracker = observation->tracker;
    const struct request *before = NULL;

    if (observation->message->function == SKYPEFP_FN_PAYLOAD) {
        before =
            skypefp_requests_lookup(&tracker->requests, observation->src, observation->dst, observation->message->id);
    }
    if (before != NULL && contradicts(observation, before)) {
        refuse(observation->finding);
        refuse(skypefp_findings_named(&tracker->findings, before->asked));
    }
}

void skypefp_check_message(struct observation *observation)
{
    check_answer(observation);
    check_id(observation);
}
