/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skype's UDP messages: their shapes, and the fields of each.
 *
 *   payload   id(2) 02  IV(4) CRC(4) ciphertext                                            17 and more
 *   resend    id(2) x3  01 challenge(4) destination(4) CRC(4) ciphertext                   22 and more
 *   ack       id(2) x5  asker's address(4) 4 octets                                        11
 *   NAK       id(2) x7  asker's address(4) challenge(4)                                    11
 *   fragment  own id(2) xF request's id(2) index(1) 02 IV(4) CRC(4) data                   16 and more
 *   data      id(2) xD  ciphertext; a keep-alive is 3 octets                                3 and more
 *
 * The function is octet 2 & 0x8f: bit 7 is always 0, bits 4-6 are random for 3, 5, 7 and F and always 0 for a
 * payload. Source: skype-irc.cap and skype-2015.pcap, 478 datagrams of two clients; data: Bonfiglio et al., SIGCOMM
 * 2007, and four sessions of 2015. Payloads of 17 octets come from Skype's own servers and answer longer ones. */
#ifndef SKYPEFP_MESSAGE_H
#define SKYPEFP_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

enum skypefp_function {
    SKYPEFP_FN_NONE = 0,
    SKYPEFP_FN_PAYLOAD = 0x2,
    SKYPEFP_FN_RESEND = 0x3,
    SKYPEFP_FN_ACK = 0x5,
    SKYPEFP_FN_NAK = 0x7,
    SKYPEFP_FN_DATA = 0xd,
    SKYPEFP_FN_FRAGMENT = 0xf
};

enum {
    SKYPEFP_FN_MASK = 0x8f,
    SKYPEFP_PAYLOAD_MIN = 17,
    SKYPEFP_RESEND_MIN = SKYPEFP_PAYLOAD_MIN + 5,
    SKYPEFP_ANSWER_LEN = 11,
    SKYPEFP_FRAGMENT_MIN = 16,
    SKYPEFP_KEEPALIVE_LEN = 3,
    /* Offsets of the fields. */
    SKYPEFP_AT_ID = 0,
    SKYPEFP_AT_FUNCTION = 2,
    SKYPEFP_AT_PAYLOAD_IV = 3,
    SKYPEFP_AT_PAYLOAD_CRC = 7,
    SKYPEFP_AT_RESEND_MARK = 3,
    SKYPEFP_AT_RESEND_CHALLENGE = 4,
    SKYPEFP_AT_RESEND_DESTINATION = 8,
    SKYPEFP_AT_RESEND_CRC = 12,
    SKYPEFP_AT_ANSWER_ADDRESS = 3,
    SKYPEFP_AT_NAK_CHALLENGE = 7,
    SKYPEFP_AT_FRAGMENT_REQUEST = 3,
    SKYPEFP_AT_FRAGMENT_INDEX = 5,
    SKYPEFP_AT_FRAGMENT_FUNCTION = 6,
    SKYPEFP_AT_FRAGMENT_IV = 7,
    SKYPEFP_AT_FRAGMENT_CRC = 11,
    SKYPEFP_FRAGMENT_LAST = 0x80
};

/* A parsed message. An octet that was not captured makes the field absent, never zero; see has_*. */
typedef struct skypefp_message {
    uint16_t id;
    uint8_t function; /* enum skypefp_function; NONE: not one of Skype's shapes */
    bool has_iv, has_crc, has_address, has_challenge, has_request_id;
    uint8_t fragment_index; /* fragments with has_request_id, 0 to 127 */
    bool fragment_is_last;
    uint16_t request_id;   /* fragments with has_request_id */
    uint8_t iv_at, crc_at; /* offsets of the fields that depend on the function */
    uint8_t address_at, challenge_at;
    uint32_t iv;        /* payload, fragment */
    uint32_t crc;       /* payload, fragment, resend (there: of the request) */
    uint32_t address;   /* ack, NAK: the asker as seen; resend: the destination. Host order */
    uint32_t challenge; /* NAK, resend */
} skypefp_message;

/* Whether octet 2 is that of a shape. Most of what is not Skype fails here, at the cost of one octet. */
static inline bool skypefp_message_may_have_shape(const uint8_t *data, uint32_t len)
{
    enum {
        functions = 1 << SKYPEFP_FN_PAYLOAD | 1 << SKYPEFP_FN_RESEND | 1 << SKYPEFP_FN_ACK | 1 << SKYPEFP_FN_NAK |
                    1 << SKYPEFP_FN_DATA | 1 << SKYPEFP_FN_FRAGMENT
    };

    if (len <= SKYPEFP_AT_FUNCTION) {
        return false;
    }
    unsigned function = data[SKYPEFP_AT_FUNCTION] & SKYPEFP_FN_MASK;

    return function <= SKYPEFP_FN_FRAGMENT && (functions >> function & 1);
}

/* Which shape the octets have; NONE for most of what is not Skype. Looks at octets 2, 3 and 6 and the length on the
 * wire. len: captured octets, at most wire_len. Chance for random octets: 0.4 % a payload, 3.5 % with data, which
 * counts in the share of its port and in pairs that are known. */
static inline enum skypefp_function skypefp_message_shape(const uint8_t *data, uint32_t len, uint32_t wire_len)
{
    if (!skypefp_message_may_have_shape(data, len)) {
        return SKYPEFP_FN_NONE;
    }
    unsigned function = data[SKYPEFP_AT_FUNCTION] & SKYPEFP_FN_MASK;

    switch (function) {
    case SKYPEFP_FN_PAYLOAD:
        return data[SKYPEFP_AT_FUNCTION] == SKYPEFP_FN_PAYLOAD && wire_len >= SKYPEFP_PAYLOAD_MIN ? SKYPEFP_FN_PAYLOAD
                                                                                                  : SKYPEFP_FN_NONE;
    case SKYPEFP_FN_RESEND:
        return wire_len >= SKYPEFP_RESEND_MIN && len > SKYPEFP_AT_RESEND_MARK && data[SKYPEFP_AT_RESEND_MARK] == 1
                   ? SKYPEFP_FN_RESEND
                   : SKYPEFP_FN_NONE;
    case SKYPEFP_FN_ACK:
        return wire_len == SKYPEFP_ANSWER_LEN ? SKYPEFP_FN_ACK : SKYPEFP_FN_NONE;
    case SKYPEFP_FN_NAK:
        return wire_len == SKYPEFP_ANSWER_LEN ? SKYPEFP_FN_NAK : SKYPEFP_FN_NONE;
    case SKYPEFP_FN_FRAGMENT:
        return wire_len >= SKYPEFP_FRAGMENT_MIN && len > SKYPEFP_AT_FRAGMENT_FUNCTION &&
                       data[SKYPEFP_AT_FRAGMENT_FUNCTION] == SKYPEFP_FN_PAYLOAD
                   ? SKYPEFP_FN_FRAGMENT
                   : SKYPEFP_FN_NONE;
    case SKYPEFP_FN_DATA:
        return SKYPEFP_FN_DATA;
    default:
        return SKYPEFP_FN_NONE;
    }
}

/* What a function is called on screen: "Payload", "NAK"; NULL: it is not one of the messages above. */
const char *skypefp_function_name(uint8_t function);

/* Parses a datagram's payload; any octets of any length are fine. */
skypefp_message skypefp_message_parse(const uint8_t *data, uint32_t len, uint32_t wire_len);

#endif
