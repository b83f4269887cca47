/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.fake_tls_client and tcp.fake_tls_server: hellos that look like SSL and never change.
 *
 *   client    56 constant octets (an SSLv2 hello with 15 suites) and a 16-octet "challenge" that is a padding run    72
 *   server    79 constant octets: a ServerHello whose "random" is always the same                                    79
 *
 * Wireshark calls them "SSLv2 Client Hello" and "Continuation Data". Source: skype-2015.pcap 135 and 43 more
 * clients, 779, 1287 and 7 more servers. Chance: 15 transitions of 8 bits and 448 constant bits; 632 constant bits.
 * 64 is the most a group gives. */

#include "openings.h"
#include "padding.h"
#include "stream_signature.h"
#include "tcp_fake_tls.h"

enum { TLS_BITS = 64, CHALLENGE_AT = 56, CHALLENGE_LEN = 16 };

static const uint8_t client_hello[CHALLENGE_AT] = {
    0x80, 0x46, 0x01, 0x03, 0x01, 0x00, 0x2d, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x05, 0x00, 0x00, 0x04, 0x00, 0x00,
    0x0a, 0x00, 0x00, 0x09, 0x00, 0x00, 0x64, 0x00, 0x00, 0x62, 0x00, 0x00, 0x08, 0x00, 0x00, 0x03, 0x00, 0x00, 0x06,
    0x01, 0x00, 0x80, 0x07, 0x00, 0xc0, 0x03, 0x00, 0x80, 0x06, 0x00, 0x40, 0x02, 0x00, 0x80, 0x04, 0x00, 0x80,
};

static const uint8_t server_hello[FAKE_SERVER_HELLO_LEN] = {
    0x16, 0x03, 0x01, 0x00, 0x4a, 0x02, 0x00, 0x00, 0x46, 0x03, 0x01, 0x40, 0x1b, 0xe4, 0x86, 0x02,
    0xad, 0xe0, 0x29, 0xe1, 0x77, 0x74, 0xe5, 0x44, 0xb9, 0xc9, 0x9c, 0xb4, 0x31, 0x31, 0x5e, 0x02,
    0xdd, 0x77, 0x9d, 0x15, 0x4a, 0x96, 0x09, 0xba, 0x5d, 0xa8, 0x70, 0x20, 0x1c, 0xa0, 0xe4, 0xf6,
    0x4c, 0x63, 0x51, 0xae, 0x2f, 0x8e, 0x4e, 0xe1, 0xe6, 0x76, 0x6a, 0x0a, 0x88, 0xd5, 0xd8, 0xc5,
    0x5c, 0xae, 0x98, 0xc5, 0xe4, 0x81, 0xf2, 0x2a, 0x69, 0xbf, 0x90, 0x58, 0x00, 0x05, 0x00,
};

bool skypefp_is_fake_client(const struct direction *direction)
{
    return skypefp_opens_with(direction, client_hello, sizeof client_hello);
}

bool skypefp_is_fake_server(const struct direction *direction)
{
    return skypefp_opens_with(direction, server_hello, sizeof server_hello);
}

static void observe_client(struct stream_observation *observation)
{
    const struct direction *direction = stream_direction(observation, observation->sender);

    if (direction->n < FAKE_CLIENT_HELLO_LEN || skypefp_stream_bits(observation, observation->sender) > 0 ||
        !skypefp_opens_as_fake_client(direction)) {
        return;
    }
    if (padding_transitions(direction->first + CHALLENGE_AT, CHALLENGE_LEN) == CHALLENGE_LEN - 1) {
        if (observation->sender == INITIATOR) {
            stream_shows_sides(observation);
        }
        skypefp_stream_add(observation, observation->sender, TLS_BITS, 0, FAKE_CLIENT_HELLO_LEN, 0, 0);
    } else {
        skypefp_stream_near(observation, "the challenge is not a padding run");
    }
}

static void observe_server(struct stream_observation *observation)
{
    if (skypefp_stream_bits(observation, observation->sender) == 0 &&
        skypefp_opens_as_fake_server(stream_direction(observation, observation->sender))) {
        if (observation->sender == RESPONDER) {
            stream_shows_sides(observation);
        }
        skypefp_stream_add(observation, observation->sender, TLS_BITS, 0, FAKE_SERVER_HELLO_LEN, 0, 0);
    }
}

static const skypefp_part client_parts[] = { { SKYPEFP_PART_PADDING, CHALLENGE_AT, CHALLENGE_LEN } };

const struct signature skypefp_signature_tcp_fake_tls_client = {
    .rule = {
        .key = "tcp.fake_tls_client",
        .group = SKYPEFP_GROUP_TLS,
        .bits = TLS_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 568,
        .reason = "448 constant bits, 15 transitions",
        .sentence = "A constant SSLv2 hello whose challenge is a padding run",
        .source = "skype-2015.pcap 135",
        .face = "tls",
        .conversation = "Fake TLS, not TLS",
        .parts = client_parts,
        .n_parts = G_N_ELEMENTS(client_parts),
    },
    .observe_stream = observe_client,
    .opening = FAKE_CLIENT_OPENING,
};

const struct signature skypefp_signature_tcp_fake_tls_server = {
    .rule = {
        .key = "tcp.fake_tls_server",
        .group = SKYPEFP_GROUP_TLS,
        .bits = TLS_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 632,
        .reason = "632 constant bits",
        .sentence = "The constant ServerHello of Skype's fake TLS",
        .source = "skype-2015.pcap 779, 1287",
        .face = "tls",
        .conversation = "Fake TLS, not TLS",
    },
    .observe_stream = observe_server,
    .opening = FAKE_SERVER_OPENING,
};
