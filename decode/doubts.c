/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads in which one of Wireshark's dissectors may find packets where decode/ does not look.
 *
 * What is left on by the lean engine (batch/lean.c) and sits on UDP or TCP is here by its ports, or by the octets
 * that its heuristic asks for. The conditions are wider than Wireshark's, never narrower: a payload that meets one
 * by chance costs time (Wireshark reads the capture), one that is missed would cost a wrong report. Dissectors that
 * never come to an IP header are not here, whatever they claim: the datagram around them is observed all the same. */
#include "doubts.h"

#include "headers.h"
#include "octets.h"
#include "port_doubts.h"

/* Remote captures:
 *   0: version 0   1: type   2..3: value   4..7: length of the rest
 *   type 7: 8..27: a packet's header, 16..19: its captured length */
static bool is_remote_packet(struct layer payload)
{
    enum { PACKET_TYPE = 7, PACKET_HEADER_LEN = 20, AT_CAPTURED = 16 };

    return payload.data[0] == 0 && octet(payload, 1) == PACKET_TYPE && longword(payload, 4) >= PACKET_HEADER_LEN &&
           longword(payload, AT_CAPTURED) == longword(payload, 4) - PACKET_HEADER_LEN;
}

/* The same over TCP: any message with a length that fits. */
static bool is_remote_message(struct layer payload)
{
    enum { HEADER_LEN = 8, LAST_TYPE = 14 };
    int type = octet(payload, 1);

    return payload.data[0] == 0 && type > 0 && (type & 0x7f) <= LAST_TYPE &&
           (is_remote_packet(payload) || longword(payload, 4) == (int64_t)payload.wire_len - HEADER_LEN);
}

/* Redback's lawful intercept, a chain of
 *   0: type   1: length   2..: value
 * in which types 1, 2 and 3 have 4 octets each and type 0 ends the chain. */
static bool is_intercept(struct layer payload)
{
    enum { END = 0, LAST_NUMBER = 3, NUMBER_LEN = 4, ALL_NUMBERS = 0x0e };
    unsigned found = 0;

    for (uint32_t at = 0; payload.len - at > 2;) {
        uint8_t type = payload.data[at], len = payload.data[at + 1];
        if (type == END) {
            return found == ALL_NUMBERS;
        }
        if (type <= LAST_NUMBER && len != NUMBER_LEN) {
            return false;
        }
        found |= type <= LAST_NUMBER ? 1u << type : 0;
        if (payload.len - at < 2u + len) {
            break;
        }
        at += 2u + len;
    }
    return found == ALL_NUMBERS;
}

/* Arbor's E100: version 1, and a captured length in octets 20..23 that is the rest of the payload. */
static bool is_arbor(struct layer payload)
{
    enum { HEADER_LEN = 28, AT_CAPTURED = 20 };

    return payload.data[0] == 1 && longword(payload, AT_CAPTURED) == (int64_t)payload.len - HEADER_LEN;
}

/* MPEG-2 transport streams: packets of 188 octets. */
static bool is_transport_stream(struct layer payload)
{
    enum { SYNC = 0x47, PACKET_LEN = 188 };

    return payload.data[0] == SYNC && payload.wire_len % PACKET_LEN == 0;
}

/* Cisco's IPsec in TCP ends with
 *   0..3: 0   4..5: number   6..7: direction (4 bits), 0   8..12: magic   13: 17 for UDP   14..15: magic */
static bool is_ipsec(struct layer payload)
{
    enum { TRAILER_LEN = 16, AT_PROTOCOL = 13, AT_DIRECTION = 6, DIRECTION_MASK = 0xf000 };
    uint32_t at = payload.wire_len - TRAILER_LEN;

    return payload.wire_len > TRAILER_LEN && octet(payload, at + AT_PROTOCOL) == SKYPEFP_IP_UDP &&
           longword(payload, at) == 0 && (word(payload, at + AT_DIRECTION) & ~DIRECTION_MASK) == 0;
}

bool skypefp_is_doubtful_udp(uint16_t src_port, uint16_t dst_port, struct layer payload)
{
    if (payload.len == 0) {
        return false;
    }
    return skypefp_is_doubtful_udp_port(src_port, payload) || skypefp_is_doubtful_udp_port(dst_port, payload) ||
           is_remote_packet(payload) || is_arbor(payload) || is_transport_stream(payload) || is_intercept(payload) ||
           begins_with(payload, "RFta", 4) ||
           begins_with(payload, "\0\xff\xab\xcd", 4); /* remote capture by radio: RFtap, Peek */
}

bool skypefp_is_doubtful_tcp(uint16_t src_port, uint16_t dst_port, struct layer payload)
{
    if (payload.len == 0) {
        return false;
    }
    return skypefp_is_doubtful_tcp_port(src_port, payload) || skypefp_is_doubtful_tcp_port(dst_port, payload) ||
           is_remote_message(payload) || is_ipsec(payload);
}
