/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses Skype's UDP messages; the layouts are drawn in message.h. */
#include "message.h"

#include "address.h"

const char *skypefp_function_name(uint8_t function)
{
    switch (function) {
    case SKYPEFP_FN_PAYLOAD:
        return "Payload";
    case SKYPEFP_FN_RESEND:
        return "Resend";
    case SKYPEFP_FN_ACK:
        return "Ack";
    case SKYPEFP_FN_NAK:
        return "NAK";
    case SKYPEFP_FN_FRAGMENT:
        return "Fragment";
    case SKYPEFP_FN_DATA:
        return "Data";
    default:
        return NULL;
    }
}

/* Reads a field if all of its octets were captured. */
static bool read_field(const uint8_t *data, uint32_t len, uint8_t at, uint32_t *value)
{
    if (len < at + 4u) {
        return false;
    }
    *value = read_be32(data + at);
    return true;
}

static void parse_payload(skypefp_message *message, const uint8_t *data, uint32_t len)
{
    message->iv_at = SKYPEFP_AT_PAYLOAD_IV;
    message->crc_at = SKYPEFP_AT_PAYLOAD_CRC;
    message->has_iv = read_field(data, len, message->iv_at, &message->iv);
    message->has_crc = read_field(data, len, message->crc_at, &message->crc);
}

static void parse_resend(skypefp_message *message, const uint8_t *data, uint32_t len)
{
    message->challenge_at = SKYPEFP_AT_RESEND_CHALLENGE;
    message->address_at = SKYPEFP_AT_RESEND_DESTINATION;
    message->crc_at = SKYPEFP_AT_RESEND_CRC;
    message->has_challenge = read_field(data, len, message->challenge_at, &message->challenge);
    message->has_address = read_field(data, len, message->address_at, &message->address);
    message->has_crc = read_field(data, len, message->crc_at, &message->crc);
}

static void parse_answer(skypefp_message *message, const uint8_t *data, uint32_t len)
{
    message->address_at = SKYPEFP_AT_ANSWER_ADDRESS;
    message->has_address = read_field(data, len, message->address_at, &message->address);
    if (message->function == SKYPEFP_FN_NAK) {
        message->challenge_at = SKYPEFP_AT_NAK_CHALLENGE;
        message->has_challenge = read_field(data, len, message->challenge_at, &message->challenge);
    }
}

static void parse_fragment(skypefp_message *message, const uint8_t *data, uint32_t len)
{
    /* The shape has seen octet 6, so the request's id and the index are there. */
    message->has_request_id = true;
    message->request_id = read_be16(data + SKYPEFP_AT_FRAGMENT_REQUEST);
    message->fragment_index = data[SKYPEFP_AT_FRAGMENT_INDEX] & (uint8_t)~SKYPEFP_FRAGMENT_LAST;
    message->fragment_is_last = data[SKYPEFP_AT_FRAGMENT_INDEX] & SKYPEFP_FRAGMENT_LAST;
    message->iv_at = SKYPEFP_AT_FRAGMENT_IV;
    message->crc_at = SKYPEFP_AT_FRAGMENT_CRC;
    message->has_iv = read_field(data, len, message->iv_at, &message->iv);
    message->has_crc = read_field(data, len, message->crc_at, &message->crc);
}

skypefp_message skypefp_message_parse(const uint8_t *data, uint32_t len, uint32_t wire_len)
{
    skypefp_message message = { .function = (uint8_t)skypefp_message_shape(data, len, wire_len) };

    if (message.function == SKYPEFP_FN_NONE) {
        return message;
    }
    message.id = read_be16(data + SKYPEFP_AT_ID);
    switch (message.function) {
    case SKYPEFP_FN_PAYLOAD:
        parse_payload(&message, data, len);
        break;
    case SKYPEFP_FN_RESEND:
        parse_resend(&message, data, len);
        break;
    case SKYPEFP_FN_ACK:
    case SKYPEFP_FN_NAK:
        parse_answer(&message, data, len);
        break;
    case SKYPEFP_FN_FRAGMENT:
        parse_fragment(&message, data, len);
        break;
    default:
        break;
    }
    return message;
}
