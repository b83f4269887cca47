/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.resend: after a NAK the client sends its request again, with four things that it was sent or had sent.
 *
 *   request   id(2) 02  IV(4) CRC(4) ciphertext
 *   NAK       id(2) x7  address(4) challenge(4)
 *   resend    id(2) x3 01 challenge(4) DESTINATION(4) CRC(4) ciphertext        request + 5 octets
 *
 * The resend repeats the request's id and CRC, the NAK's challenge, and carries its own IPv4 destination. Source:
 * skype-irc.cap 214, 215, 216 and 1870, 1873, 1874. Chance: 2^-112; 64 is the most a group gives. */
#include "association.h"
#include "signature.h"

enum { RESEND_BITS = 64, RESEND_HEADER_LEN = 16 };

static void observe_resend(struct observation *observation)
{
    const skypefp_message *message = observation->message;
    const struct request *request = observation->request;
    const skypefp_address *dst = &observation->packet->dst;

    if (message->function != SKYPEFP_FN_RESEND || dst->len != SKYPEFP_IPV4_LEN) {
        return;
    }
    const char *failed = request == NULL || !request->has_crc        ? "no request with this id was seen"
                         : !message->has_crc                         ? "the resend was cut short"
                         : !request->has_challenge                   ? "no NAK to the request was seen"
                         : message->challenge != request->challenge  ? "the challenge is not the NAK's"
                         : message->address != read_be32(dst->bytes) ? "the address is not the destination"
                         : message->crc != request->crc              ? "the CRC is not the request's"
                                                                     : NULL;
    if (failed != NULL) {
        skypefp_observation_near(observation, failed);
    } else {
        skypefp_observation_add(observation, RESEND_BITS, SKYPEFP_AT_ID, RESEND_HEADER_LEN, request->nak.frame, 0);
        skypefp_endpoint_add_answered(observation->dst, observation->src,
                                      request->nak.frame); /* the NAK was to its sender's own request */
    }
}

const struct signature skypefp_signature_udp_resend = {
    .rule = {
        .key = "udp.resend",
        .group = SKYPEFP_GROUP_CHAIN,
        .bits = RESEND_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 112,
        .reason = "2⁻¹¹²: id, challenge, destination, CRC",
        .sentence = "The resend repeats id, challenge, destination and CRC",
        .source = "skype-irc.cap 214-216, 1870-1874",
    },
    .observe_message = observe_resend,
};
