/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a UDP message: its fields, its links to other frames, and a line of text. */
#include "present_udp.h"

#include "fields.h"
#include "format.h"
#include "items.h"
#include "message.h"

enum { FIELD_LEN = 4 };

static skypefp_message parse_tvb(tvbuff_t *tvb)
{
    uint32_t len = tvb_captured_length(tvb);

    return skypefp_message_parse(tvb_get_ptr(tvb, 0, (int)len), len, tvb_reported_length(tvb));
}

static const char *format_answer(const skypefp_message *message, packet_info *pinfo)
{
    const char *name = skypefp_function_name(message->function);

    return message->has_address ? wmem_strdup_printf(pinfo->pool, "%s, sees %s", name,
                                                     skypefp_format_ipv4(pinfo->pool, message->address))
                                : name;
}

static const char *format_message(const skypefp_message *message, uint32_t wire_len, packet_info *pinfo)
{
    const char *name = skypefp_function_name(message->function);

    switch (message->function) {
    case SKYPEFP_FN_PAYLOAD:
    case SKYPEFP_FN_RESEND:
        return wmem_strdup_printf(pinfo->pool, "%s, id 0x%04x", name, message->id);
    case SKYPEFP_FN_FRAGMENT:
        return wmem_strdup_printf(pinfo->pool, "%s %u%s", name, message->fragment_index,
                                  message->fragment_is_last ? " (last)" : "");
    case SKYPEFP_FN_DATA:
        return wire_len == SKYPEFP_KEEPALIVE_LEN ? "Keep-alive"
                                                 : wmem_strdup_printf(pinfo->pool, "%s, %u bytes", name, wire_len);
    case SKYPEFP_FN_NONE: /* of a gateway of SkypeOut; the payload is voice */
        return wmem_strdup_printf(pinfo->pool, "Voice, %u bytes", wire_len);
    default:
        return format_answer(message, pinfo);
    }
}

const char *skypefp_describe_message(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo)
{
    skypefp_message message = parse_tvb(tvb);
    const char *text = format_message(&message, tvb_reported_length(tvb), pinfo);

    if (message.function == SKYPEFP_FN_RESEND && finding->nak_in != 0) {
        return wmem_strdup_printf(pinfo->pool, "%s, repeats %u after NAK %u", text, finding->request_in,
                                  finding->nak_in);
    }
    if (finding->request_in != 0) {
        return wmem_strdup_printf(pinfo->pool, "%s, answers %u", text, finding->request_in);
    }
    return text;
}

/* A field of the payload, if its octets were captured. */
static void add_field(proto_tree *tree, tvbuff_t *tvb, int hf, uint8_t at, bool is_there)
{
    if (is_there) {
        proto_tree_add_item(tree, hf, tvb, at, FIELD_LEN, ENC_BIG_ENDIAN);
    }
}

static void add_links(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    skypefp_add_frame(tree, tvb, pinfo, skypefp_hf.udp_request_in, finding->request_in);
    skypefp_add_frame(tree, tvb, pinfo, skypefp_hf.udp_nak_in, finding->nak_in);
    skypefp_add_frame(tree, tvb, pinfo, skypefp_hf.udp_reply_in, finding->reply_in);
    skypefp_add_frame(tree, tvb, pinfo, skypefp_hf.udp_resend_in, finding->resend_in);
    if (finding->request_in != 0) {
        skypefp_add_duration(tree, tvb, skypefp_hf.udp_response_time, finding->response_time_us);
    }
}

void skypefp_present_message(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    skypefp_message message = parse_tvb(tvb);
    bool is_resend = message.function == SKYPEFP_FN_RESEND;

    if (message.function == SKYPEFP_FN_NONE) {
        return;
    }
    proto_tree_add_item(tree, skypefp_hf.udp_id, tvb, SKYPEFP_AT_ID, 2, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, skypefp_hf.udp_function, tvb, SKYPEFP_AT_FUNCTION, 1, ENC_BIG_ENDIAN);
    if (message.has_request_id) {
        proto_tree_add_item(tree, skypefp_hf.udp_request_id, tvb, SKYPEFP_AT_FRAGMENT_REQUEST, 2, ENC_BIG_ENDIAN);
        proto_tree_add_uint(tree, skypefp_hf.udp_fragment, tvb, SKYPEFP_AT_FRAGMENT_INDEX, 1, message.fragment_index);
        proto_tree_add_boolean(tree, skypefp_hf.udp_fragment_last, tvb, SKYPEFP_AT_FRAGMENT_INDEX, 1,
                               message.fragment_is_last);
    }
    add_field(tree, tvb, skypefp_hf.udp_iv, message.iv_at, message.has_iv);
    add_field(tree, tvb, skypefp_hf.udp_challenge, message.challenge_at, message.has_challenge);
    add_field(tree, tvb, is_resend ? skypefp_hf.udp_destination : skypefp_hf.udp_reflected, message.address_at,
              message.has_address);
    add_field(tree, tvb, skypefp_hf.udp_crc, message.crc_at, message.has_crc);
    add_links(finding, tvb, pinfo, tree);
}
