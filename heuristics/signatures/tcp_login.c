/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.login: the login server's conversation begins with TLS records of length zero.
 *
 *   client    16 03 01 00 00                         alone in its segment; sometimes twice
 *   server    17 03 01 00 00                         alone in its segment; sometimes twice
 *   client    16 03 01 LL LL 41 03 00 09 80 40 04 08 c0 01   (2006)   16 03 01 LL LL 42 cd ef e7 40 d7 2f 1d   (2015)
 *
 * A handshake record of length zero is illegal (RFC 5246 section 6.2.1). Source: skype-irc.cap 297, 314, 316 and
 * three more; skype-2015.pcap 1667, 1697, 2181, 2332, 2414. Chance: 40 equal bits on each side, of which 40 count
 * when both have spoken; a client that the other side cut off without a word (skype-2015.pcap 1667 to 1690) has 16:
 * the type and version are any TLS's, the length of zero is not. That is possible and no more, because health checks of
 * proxies send the same record and end. The third record's 64 or 80 constant bits give 64. */
#include "openings.h"
#include "stream_signature.h"

enum {
    CUT_OFF_BITS = 16,
    BOTH_SIDES_BITS = 40,
    CONSTANTS_BITS = 64,
    EMPTY_LEN = 5,
    MAX_EMPTY = 2,
    RECORD_HEADER_LEN = 5
};

static const uint8_t client_empty[EMPTY_LEN] = { 0x16, 0x03, 0x01, 0x00, 0x00 };
static const uint8_t server_empty[EMPTY_LEN] = { 0x17, 0x03, 0x01, 0x00, 0x00 };

static bool is_alone(const struct direction *direction, const uint8_t record[EMPTY_LEN])
{
    return direction->n_segments > 0 && direction->segment_at[0] == 0 && direction->segment_end[0] == EMPTY_LEN &&
           skypefp_opens_with(direction, record, EMPTY_LEN);
}

/* The offset of the client's third record, after one or two empty ones, if it begins as Skype's; otherwise 0. */
static uint32_t find_constants(const struct direction *direction)
{
    static const uint8_t login_2006[] = { 0x41, 0x03, 0x00, 0x09, 0x80, 0x40, 0x04, 0x08, 0xc0, 0x01 };
    static const uint8_t login_2015[] = { 0x42, 0xcd, 0xef, 0xe7, 0x40, 0xd7, 0x2f, 0x1d };

    for (uint32_t at = EMPTY_LEN; at <= MAX_EMPTY * EMPTY_LEN; at += EMPTY_LEN) {
        const uint8_t *record = direction->first + at;
        bool is_handshake =
            skypefp_direction_covers(direction, at, RECORD_HEADER_LEN) && memcmp(record, client_empty, 3) == 0;
        const uint8_t *body = record + RECORD_HEADER_LEN;
        uint32_t body_at = at + RECORD_HEADER_LEN;
        if (is_handshake && ((skypefp_direction_covers(direction, body_at, sizeof login_2006) &&
                              memcmp(body, login_2006, sizeof login_2006) == 0) ||
                             (skypefp_direction_covers(direction, body_at, sizeof login_2015) &&
                              memcmp(body, login_2015, sizeof login_2015) == 0))) {
            return at;
        }
    }
    return 0;
}

/* After the client's empty record, an end without data from the other side: the position of its FIN shows whether the
 * capture missed data. */
static bool is_cut_off(const struct stream_observation *observation)
{
    const struct direction *client = stream_direction(observation, INITIATOR),
                           *server = stream_direction(observation, RESPONDER);

    return client->end == EMPTY_LEN && server->end == 0 &&
           (server->is_closed ? server->fin_at == 0 : client->is_closed);
}

static void add_login(const struct stream_observation *observation, enum stream_side side, uint8_t bits, uint32_t at,
                      uint32_t related_frame)
{
    if (bits > skypefp_stream_bits(observation, side)) {
        skypefp_stream_add(observation, side, bits, at, RECORD_HEADER_LEN, related_frame, 0);
    }
}

static void observe_login(struct stream_observation *observation)
{
    const struct direction *client = stream_direction(observation, INITIATOR),
                           *server = stream_direction(observation, RESPONDER);

    if (!is_alone(client, client_empty)) {
        return;
    }
    uint32_t constants_at = find_constants(client);

    if (is_alone(server, server_empty)) {
        stream_shows_sides(observation);
        add_login(observation, RESPONDER, BOTH_SIDES_BITS, 0, client->first_frame);
        add_login(observation, INITIATOR, BOTH_SIDES_BITS, 0, server->first_frame);
    }
    if (constants_at > 0) {
        add_login(observation, INITIATOR, CONSTANTS_BITS, constants_at, 0);
    }
    if (is_cut_off(observation)) {
        add_login(observation, INITIATOR, CUT_OFF_BITS, 0, 0);
    }
}

const struct signature skypefp_signature_tcp_login = {
    .rule = {
        .key = "tcp.login",
        .group = SKYPEFP_GROUP_TLS,
        .bits = CONSTANTS_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 104,
        .reason = "40 and 64 constant bits; 40 without the latter; 16 for a client that was cut off",
        .sentence = "Opens with a TLS record of length zero, as Skype's login does",
        .source = "skype-irc.cap 297, 314, 316; skype-2015.pcap 1697",
        .face = "login",
        .conversation = "Skype login, not TLS",
    },
    .observe_stream = observe_login,
    .opening = 0x16,
};
