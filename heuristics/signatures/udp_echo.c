/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.echo: an answer repeats the transaction id of the request.
 *
 *   request   id(2) 02 …            or  id(2) x3 01 …
 *   answer    id(2) x5|x7 address(4) …                    exactly 11 octets, from the endpoint that was asked
 *
 * Source: Conley, "Fiddling Around with Skype", 2009; skype-irc.cap, 34 of 34 acks and NAKs and the three direct
 * ones of frames 562, 775 and 2111. Chance: 2^-16, given a pending request. Many protocols echo two octets on
 * purpose (DNS, SNMP, GTP), so this alone is possible and no more. In games (RakNet, Doom) octet 2 can be part of a
 * packet number and take all values, while the octets before it stay the same. So at least half of what the answerer
 * sends must have a shape of Skype's: in skype-irc.cap all of it has, for each of the 37 answers; in synthetic flows of
 * such games about a tenth. */
#include "signature.h"

enum { ECHO_BITS = 16, ID_LEN = 2 };

static void observe_echo(struct observation *observation)
{
    bool is_answer =
        observation->message->function == SKYPEFP_FN_ACK || observation->message->function == SKYPEFP_FN_NAK;

    if (!is_answer || observation->packet->dst.len != SKYPEFP_IPV4_LEN) {
        return; /* what an answer carries is an IPv4 address: on IPv6 it can't be one */
    }
    if (observation->request == NULL) {
        skypefp_observation_near(observation, "no request with this id was seen");
        return;
    }
    if (observation->low_share) {
        skypefp_observation_near(observation, "most of what its port sends has no shape of Skype's");
        return;
    }
    skypefp_observation_add(observation, ECHO_BITS, SKYPEFP_AT_ID, ID_LEN, observation->request->asked.frame, 0);
}

const struct signature skypefp_signature_udp_echo = {
    .rule = {
        .key = "udp.echo",
        .group = SKYPEFP_GROUP_HEADER,
        .bits = ECHO_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 16,
        .reason = "2⁻¹⁶: the id",
        .sentence = "The answer of 11 bytes repeats the request's id",
        .source = "Conley 2009; skype-irc.cap 553-560",
    },
    .observe_message = observe_echo,
};
