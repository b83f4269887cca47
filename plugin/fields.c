/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers the fields and subtrees of SkypeFP, and has its expert items registered. */
#include "fields.h"

#include "experts.h"
#include "message.h"

int skypefp_proto = -1;
struct skypefp_fields skypefp_hf;
gint skypefp_ett = -1, skypefp_ett_rule = -1, skypefp_ett_contact = -1;

const int *const skypefp_part_fields[SKYPEFP_N_PART_KINDS] = {
    [SKYPEFP_PART_SEED] = &skypefp_hf.tcp_seed,
    [SKYPEFP_PART_ONE] = &skypefp_hf.tcp_part_one,
    [SKYPEFP_PART_TWO] = &skypefp_hf.tcp_part_two,
    [SKYPEFP_PART_PADDING] = &skypefp_hf.tcp_padding,
};

static const value_string verdict_names[] = { { SKYPEFP_NONE, "none" },
                                              { SKYPEFP_POSSIBLE, "possible" },
                                              { SKYPEFP_LIKELY, "likely" },
                                              { SKYPEFP_CERTAIN, "certain" },
                                              { 0, NULL } };

/* Filled from skypefp_function_name(); ends with a NULL name. */
static value_string function_names[SKYPEFP_FN_MASK + 1];

static void fill_function_names(void)
{
    unsigned n = 0;

    for (uint8_t function = 0; function < SKYPEFP_FN_MASK; function++) {
        if (skypefp_function_name(function) != NULL) {
            function_names[n++] = (value_string){ function, skypefp_function_name(function) };
        }
    }
}

static void register_verdict_fields(int proto)
{
    static hf_register_info fields[] = {
        { &skypefp_hf.verdict,
          { "Verdict", "skypefp.verdict", FT_UINT8, BASE_DEC, VALS(verdict_names), 0,
            "The stronger verdict of the packet's two endpoints", HFILL } },
        { &skypefp_hf.bits,
          { "Bits", "skypefp.bits", FT_INT32, BASE_DEC, NULL, 0,
            "Sum of the endpoint's evidence in bits, including the prior of -13", HFILL } },
        { &skypefp_hf.endpoint,
          { "Endpoint", "skypefp.endpoint", FT_STRING, BASE_NONE, NULL, 0,
            "Address and port of the endpoint that the verdict is about", HFILL } },
        { &skypefp_hf.host,
          { "Host", "skypefp.host", FT_STRING, BASE_NONE, NULL, 0,
            "Address of the endpoint that the verdict is about, without the port", HFILL } },
        { &skypefp_hf.sum,
          { "Sum", "skypefp.sum", FT_STRING, BASE_NONE, NULL, 0,
            "Bits that each group of rules gives the endpoint, the prior, and the resulting verdict", HFILL } },
        { &skypefp_hf.one_way,
          { "One-way", "skypefp.one_way", FT_STRING, BASE_NONE, NULL, 0,
            "What could not be tested because the endpoint was seen in one direction only", HFILL } },
        { &skypefp_hf.near_miss,
          { "SkypeFP near miss", "skypefp.near_miss", FT_STRING, BASE_NONE, NULL, 0,
            "A rule that narrowly did not fire and the first condition that failed, or why a packet of a proven "
            "endpoint is not marked (a preference, off by default)",
            HFILL } },
        { &skypefp_hf.proof,
          { "Proven in", "skypefp.proof", FT_FRAMENUM, BASE_NONE, NULL, 0,
            "The frame whose evidence made the endpoint at least likely", HFILL } },
        { &skypefp_hf.inherited,
          { "Inherited", "skypefp.inherited", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The packet has the shape of a Skype message and belongs to a proven endpoint, but is not evidence itself",
            HFILL } },
        { &skypefp_hf.associated,
          { "By association", "skypefp.associated", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The sum includes bits for having answered an endpoint that is certain", HFILL } },
        { &skypefp_hf.community_id,
          { "Community ID", "skypefp.community_id", FT_STRING, BASE_NONE, NULL, 0,
            "Name of the flow, version 1, seed 0: the same in Zeek, Suricata and other programs", HFILL } },
        { &skypefp_hf.on_proven_host,
          { "On a proven host", "skypefp.on_proven_host", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The sum includes bits for a host that is proven to run Skype", HFILL } },
        { &skypefp_hf.rule,
          { "Rule", "skypefp.rule", FT_STRING, BASE_NONE, NULL, 0, "Key of a rule that fired on this packet", HFILL } },
        { &skypefp_hf.rule_bits,
          { "Bits of the rule", "skypefp.rule.bits", FT_UINT8, BASE_DEC, NULL, 0,
            "Bits that the rule gives on its own, before groups are combined", HFILL } },
        { &skypefp_hf.rule_frame,
          { "Together with", "skypefp.rule.frame", FT_FRAMENUM, BASE_NONE, NULL, 0,
            "The other frame that the rule compared this one with", HFILL } },
    };

    proto_register_field_array(proto, fields, array_length(fields));
}

static void register_udp_fields(int proto)
{
    static hf_register_info fields[] = {
        { &skypefp_hf.udp_id,
          { "Transaction id", "skypefp.udp.id", FT_UINT16, BASE_HEX, NULL, 0,
            "Chosen by the sender of a request, repeated by its ack, NAK and resend", HFILL } },
        { &skypefp_hf.udp_function,
          { "Function", "skypefp.udp.function", FT_UINT8, BASE_HEX, VALS(function_names), SKYPEFP_FN_MASK,
            "Kind of message: the low nibble and bit 7 of byte 2", HFILL } },
        { &skypefp_hf.udp_iv,
          { "IV", "skypefp.udp.iv", FT_UINT32, BASE_HEX, NULL, 0, "A number from the sender's random number generator",
            HFILL } },
        { &skypefp_hf.udp_iv_step,
          { "IV steps", "skypefp.udp.iv_step", FT_UINT32, BASE_DEC, NULL, 0,
            "Steps of the generator between this number and the one it was compared with", HFILL } },
        { &skypefp_hf.udp_crc,
          { "CRC", "skypefp.udp.crc", FT_UINT32, BASE_HEX, NULL, 0,
            "CRC-32 of the plaintext; in a resend, of the request", HFILL } },
        { &skypefp_hf.udp_reflected,
          { "Asker as seen", "skypefp.udp.reflected", FT_IPv4, BASE_NONE, NULL, 0,
            "The address of the sender of the request, as the answering side sees it", HFILL } },
        { &skypefp_hf.udp_challenge,
          { "Challenge", "skypefp.udp.challenge", FT_UINT32, BASE_HEX, NULL, 0,
            "Chosen by the sender of the NAK, repeated by the resend", HFILL } },
        { &skypefp_hf.udp_destination,
          { "Destination", "skypefp.udp.destination", FT_IPv4, BASE_NONE, NULL, 0,
            "The address that the resend is sent to, as written in it", HFILL } },
        { &skypefp_hf.udp_request_id,
          { "Id of the request", "skypefp.udp.request_id", FT_UINT16, BASE_HEX, NULL, 0,
            "The transaction that the fragment answers", HFILL } },
        { &skypefp_hf.udp_fragment,
          { "Fragment", "skypefp.udp.fragment", FT_UINT8, BASE_DEC, NULL, 0, "Index of the fragment, from 0", HFILL } },
        { &skypefp_hf.udp_fragment_last,
          { "Last fragment", "skypefp.udp.fragment.last", FT_BOOLEAN, BASE_NONE, NULL, 0, "Bit 7 of the index",
            HFILL } },
        { &skypefp_hf.udp_request_in,
          { "Request in", "skypefp.udp.request_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
            "The message whose id this one repeats", HFILL } },
        { &skypefp_hf.udp_reply_in,
          { "Reply in", "skypefp.udp.reply_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
            "The first message that repeats this id", HFILL } },
        { &skypefp_hf.udp_nak_in,
          { "NAK in", "skypefp.udp.nak_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
            "The NAK that asked for this resend", HFILL } },
        { &skypefp_hf.udp_resend_in,
          { "Resend in", "skypefp.udp.resend_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
            "The resend that followed", HFILL } },
        { &skypefp_hf.udp_response_time,
          { "Response time", "skypefp.udp.response_time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
            "Time since the request", HFILL } },
    };

    proto_register_field_array(proto, fields, array_length(fields));
}

static bool is_new_face(unsigned index)
{
    const char *face = skypefp_rule_at(index)->face;

    for (unsigned i = 0; i < index; i++) {
        if (g_strcmp0(face, skypefp_rule_at(i)->face) == 0) {
            return false;
        }
    }
    return face != NULL;
}

/* What a conversation's face may be, from the rules. */
static const char *describe_faces(void)
{
    wmem_strbuf_t *text = wmem_strbuf_new(wmem_epan_scope(), "What the conversation pretends to be, or what it shows:");
    const char *separator = " ";

    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (is_new_face(i)) {
            wmem_strbuf_append_printf(text, "%s%s", separator, skypefp_rule_at(i)->face);
            separator = ", ";
        }
    }
    return wmem_strbuf_finalize(text);
}

static void register_tcp_fields(int proto)
{
    static hf_register_info face[] = { { &skypefp_hf.tcp_face,
                                         { "Face", "skypefp.tcp.face", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } } };
    static hf_register_info fields[] = {
        { &skypefp_hf.tcp_probe,
          { "Probed by", "skypefp.tcp.probe", FT_STRING, BASE_NONE, NULL, 0,
            "Name of the scanner whose probe the initiator sent", HFILL } },
        { &skypefp_hf.tcp_target,
          { "Through a proxy to", "skypefp.tcp.target", FT_STRING, BASE_NONE, NULL, 0,
            "Address and port that the initiator asked a SOCKS or HTTP proxy to connect it to", HFILL } },
        { &skypefp_hf.tcp_unjudged,
          { "SkypeFP could not judge this conversation", "skypefp.tcp.unjudged", FT_STRING, BASE_NONE, NULL, 0,
            "Why a conversation of a suspected endpoint could not be judged", HFILL } },
        { &skypefp_hf.tcp_payload,
          { "Payload", "skypefp.tcp.payload", FT_BYTES, BASE_NONE, NULL, 0,
            "The segment's payload, when no other dissector claims it", HFILL } },
        { &skypefp_hf.tcp_seed,
          { "Seed", "skypefp.tcp.seed", FT_UINT32, BASE_HEX, NULL, 0,
            "The number from the sender's generator that its stream begins with", HFILL } },
        { &skypefp_hf.tcp_part_one,
          { "Part one", "skypefp.tcp.part_one", FT_BYTES, BASE_NONE, NULL, 0,
            "The first part after the seed; its plaintext is nearly constant", HFILL } },
        { &skypefp_hf.tcp_part_two,
          { "Part two", "skypefp.tcp.part_two", FT_BYTES, BASE_NONE, NULL, 0,
            "The second part, encrypted with the keystream of the first", HFILL } },
        { &skypefp_hf.tcp_cancelled,
          { "Part one XOR part two XOR 00 01 00 00 00 01 00 00 00", "skypefp.tcp.cancelled", FT_BYTES, SEP_SPACE, NULL,
            0, "The plaintext of part two, because the keystream cancels; from its third byte on it is padding",
            HFILL } },
        { &skypefp_hf.tcp_padding,
          { "Padding", "skypefp.tcp.padding", FT_BYTES, SEP_SPACE, NULL, 0,
            "Plaintext padding: each byte is 0xCD times the one before it, plus 0x71", HFILL } },
    };

    face[0].hfinfo.blurb = describe_faces();
    proto_register_field_array(proto, face, array_length(face));
    proto_register_field_array(proto, fields, array_length(fields));
}

static void register_contact_fields(int proto)
{
    static hf_register_info fields[] = {
        { &skypefp_hf.contact,
          { "Contact", "skypefp.contact", FT_STRING, BASE_NONE, NULL, 0,
            "The two endpoints that exchange datagrams; the one that was seen to send first comes first", HFILL } },
        { &skypefp_hf.contact_first,
          { "First message", "skypefp.contact.first", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0,
            "Time of the contact's first message", HFILL } },
        { &skypefp_hf.contact_last,
          { "Last message", "skypefp.contact.last", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0,
            "Time of the contact's last message", HFILL } },
        { &skypefp_hf.contact_datagrams,
          { "Datagrams", "skypefp.contact.datagrams", FT_UINT32, BASE_DEC, NULL, 0,
            "Datagrams of the contact with a shape of Skype's, in both directions", HFILL } },
        { &skypefp_hf.contact_octets,
          { "Bytes", "skypefp.contact.octets", FT_UINT64, BASE_DEC, NULL, 0, "Bytes of their payloads on the wire",
            HFILL } },
        { &skypefp_hf.contact_keepalives,
          { "Keep-alives", "skypefp.contact.keepalives", FT_UINT32, BASE_DEC, NULL, 0,
            "Messages of 3 bytes that keep the path open, in both directions", HFILL } },
        { &skypefp_hf.contact_interval,
          { "Keep-alive interval", "skypefp.contact.interval", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
            "Usual time between two keep-alives of one direction", HFILL } },
        { &skypefp_hf.contact_longest_gap,
          { "Longest gap", "skypefp.contact.longest_gap", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
            "Longest time between two successive keep-alives of one direction", HFILL } },
        { &skypefp_hf.contact_bursts,
          { "Bursts of data", "skypefp.contact.bursts", FT_UINT32, BASE_DEC, NULL, 0,
            "Runs of at least 10 data messages with gaps of less than 3 seconds", HFILL } },
        { &skypefp_hf.contact_burst,
          { "Burst", "skypefp.contact.burst", FT_STRING, BASE_NONE, NULL, 0,
            "What the burst that holds this message is consistent with, by published thresholds; it proves nothing",
            HFILL } },
    };

    proto_register_field_array(proto, fields, array_length(fields));
}

void skypefp_fields_register(int proto)
{
    static gint *subtrees[] = { &skypefp_ett, &skypefp_ett_rule, &skypefp_ett_contact };

    skypefp_proto = proto;
    fill_function_names();
    register_verdict_fields(proto);
    register_udp_fields(proto);
    register_tcp_fields(proto);
    register_contact_fields(proto);
    proto_register_subtree_array(subtrees, array_length(subtrees));
    skypefp_experts_register(proto);
}
