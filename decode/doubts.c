/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads in which one of Wireshark's dissectors may find packets where decode/ does not look.
 *
 * What is left on by the lean engine (batch/lean.c) and sits on UDP or TCP is here by its ports, or by the octets
 * that its heuristic asks for. The conditions are wider than Wireshark's, never narrower: a payload that meets one
 * by chance costs time (Wireshark reads the capture), one that is missed would cost a wrong report. Dissectors that
 * never come to an IP header are not here, whatever they claim: the datagram around them is observed all the same. */
#define _GNU_SOURCE /* memmem */
#include "doubts.h"

#include "headers.h"

/* ---- conditions on the first octets ---- */

/* An octet of the payload; beyond what was captured -1, at which Wireshark's dissectors stop too. */
static int octet(struct layer payload, uint32_t at)
{
    return at < payload.len ? payload.data[at] : -1;
}

static int64_t word(struct layer payload, uint32_t at)
{
    return at + 2 <= payload.len ? read_be16(payload.data + at) : -1;
}

static int64_t longword(struct layer payload, uint32_t at)
{
    return at + 4 <= payload.len ? (int64_t)read_be32(payload.data + at) : -1;
}

static bool begins_with(struct layer payload, const char *octets, uint32_t n)
{
    return payload.len >= n && memcmp(payload.data, octets, n) == 0;
}

static bool is_ip_version(int first)
{
    return first >> 4 == 4 || first >> 4 == 6;
}

/* GRE in UDP: a known type in octets 2..3, by its first one. */
static bool is_gre(struct layer payload)
{
    static const uint8_t first[] = { 0x00, 0x01, 0x08, 0x20, 0x64, 0x65, 0x81, 0x82,
                                     0x83, 0x86, 0x88, 0x89, 0xb7, 0xfe, 0x22 };

    return octet(payload, 2) >= 0 && memchr(first, octet(payload, 2), sizeof first) != NULL;
}

/* Juniper mirrors: behind 8 octets IP, PPP or HDLC. */
static bool is_mirrored(struct layer payload)
{
    int first = octet(payload, 8);

    return is_ip_version(first) || first == 0x00 || first == 0x0f || first == 0x8f || first == 0xff;
}

/* AYIYA: the protocol in octet 3 is not one that is known to end there. */
static bool is_ayiya(struct layer payload)
{
    return octet(payload, 3) >= 0 && octet(payload, 3) < 144;
}

/* ---- by port ---- */

bool skypefp_is_owned_udp_port(uint16_t port)
{
    static const uint16_t owned[] = {
        213,   434,   573,   1101,  1194,  1701,  2048,  2055,  2067,  2123,  2152,  2157,  2268,  2345,  2887,  3386,
        3503,  3544,  3671,  4305,  4341,  4342,  4500,  4729,  4739,  4754,  4789,  4790,  4791,  5000,  5072,  5246,
        5247,  5436,  6081,  6118,  6343,  6635,  8211,  8848,  9214,  9899,  9996,  10500, 11898, 12000, 12001, 12002,
        12003, 12004, 12220, 12222, 12223, 13907, 13910, 17754, 19788, 19999, 24576, 24577, 30030, 37008, 49999,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++) {
        if (owned[i] == port) {
            return true;
        }
    }
    return false;
}

/* Flow records, NetFlow 9 and IPFIX: templates name the fields of later records by numbers, and of these one holds a
 * section of a frame. Without its number in any template there is none. */
static bool may_have_sections(struct layer payload)
{
    static const uint8_t frame_section[] = { 0x01, 0x3b };
    int64_t version = word(payload, 0);

    return (version == 9 || version == 10) &&
           memmem(payload.data, payload.len, frame_section, sizeof frame_section) != NULL;
}

/* sFlow 5:
 *   0..3: version   4..7: type of the address, 1 or 2   then 4 or 16 octets of it, 12 octets, and the number of samples
 *   samples: 0..3: kind   4..7: length   and octets; those of kinds 2 and 4 hold counters and no frames
 * Whether it may hold anything else. */
static bool may_have_frames(struct layer payload)
{
    enum { VERSION = 5, AT_KIND = 4, IPV4 = 1, IPV6 = 2, NUMBERS_LEN = 12, COUNTERS = 2, MORE_COUNTERS = 4 };
    int64_t version = longword(payload, 0), kind = longword(payload, AT_KIND);
    uint32_t at = AT_KIND + 4 + (kind == IPV6 ? 16u : 4u) + NUMBERS_LEN;

    if (version < 2 || version > VERSION || version == 3) {
        return false;
    }
    int64_t n = longword(payload, at);
    if (version != VERSION || (kind != IPV4 && kind != IPV6) || n < 0) {
        return true;
    }
    for (at += 4; n > 0 && at + 8 <= payload.len; n--) {
        int64_t sample = longword(payload, at), len = longword(payload, at + 4);
        if ((sample != COUNTERS && sample != MORE_COUNTERS) || len > UINT16_MAX) {
            return true;
        }
        at += 8 + (uint32_t)len;
    }
    return false;
}

/* OpenFlow, whole messages of
 *   0: version   1: type   2..3: length   4..7: number
 * of which some types hold frames: errors, experiments, packets in and out. Whether there may be such a one, or part of
 * a message that another segment completes. */
static bool may_have_messages(struct layer payload)
{
    enum { HEADER_LEN = 8 };
    static const uint8_t quiet[] = { 0, 2, 3, 5, 6, 7, 8, 9, 14, 18, 19 };

    for (uint32_t at = 0; at < payload.wire_len;) {
        int type = octet(payload, at + 1);
        int64_t len = word(payload, at + 2);
        if (type < 0 || memchr(quiet, type, sizeof quiet) == NULL || len < HEADER_LEN || at + len > payload.wire_len) {
            return true;
        }
        at += (uint32_t)len;
    }
    return false;
}

static bool is_doubtful_udp_port(uint16_t port, struct layer payload)
{
    switch (port) {
    case 434: /* Mobile IP: tunnelled data */
        return octet(payload, 0) == 4;
    case 2055:
    case 4739:
    case 9996:
        return may_have_sections(payload);
    case 2067: /* DLSw */
        return octet(payload, 0) == 0x31;
    case 2123:
    case 3386: /* GTP-C, GTP' */
        return octet(payload, 1) == 0xff;
    case 2268: /* AMT: queries, updates, data */
        return octet(payload, 0) >= 0 && (octet(payload, 0) & 0x0f) >= 4;
    case 4305: /* B.A.T.M.A.N. gateway */
        return octet(payload, 0) >= 0 && octet(payload, 0) <= 4;
    case 4341: /* LISP data */
        return is_ip_version(octet(payload, 8));
    case 4342: /* LISP control: encapsulated messages */
        return octet(payload, 0) >> 4 == 7 || octet(payload, 0) >> 4 == 8;
    case 4729: /* GSMTAP: a known type */
        return octet(payload, 2) >= 0 && octet(payload, 2) <= 0x20;
    case 4754:
        return is_gre(payload);
    case 4790: /* VXLAN GPE: a known protocol */
        return octet(payload, 3) >= 0 && octet(payload, 3) <= 8;
    case 5000: /* TAPA: tunnel */
        return octet(payload, 0) >= 0 && octet(payload, 0) < 0x40 && word(payload, 2) == 0;
    case 5072:
        return is_ayiya(payload);
    case 5246:
    case 5247: /* CAPWAP: not DTLS */
        return octet(payload, 0) == 0;
    case 6343:
        return may_have_frames(payload);
    case 8211: /* PAPI */
        return word(payload, 0) == 0x4972;
    case 17754: /* ZEP */
        return begins_with(payload, "EX", 2);
    case 30030:
        return is_mirrored(payload);
    case 37008: /* TZSP: a known type */
        return octet(payload, 1) >= 0 && octet(payload, 1) <= 5;
    case 213:
    case 573: /* IPX, VINES FRP: addresses of their own */
    case 2157:
    case 19999: /* GPRS network service */
    case 12000:
    case 12001:
    case 12002:
    case 12003:
    case 12004: /* LLC */
    case 4791:  /* RoCE */
    case 5436:  /* MIPv6 */
    case 6118:  /* TIPC */
    case 6635:  /* MPLS */
    case 9899:  /* SCTP */
    case 12220:
    case 12222:
    case 12223: /* LWAPP */
    case 13907:
    case 13910: /* WASSP */
    case 24576:
    case 24577: /* MiNT */
    case 49999: /* NXP's sniffer of 802.15.4 */
        return payload.len > 0;
    default:
        return false;
    }
}

static bool is_doubtful_tcp_port(uint16_t port, struct layer payload)
{
    switch (port) {
    case 1998: /* X.25 over TCP */
        return word(payload, 0) == 0;
    case 2065: /* DLSw */
        return octet(payload, 0) == 0x31;
    case 2123:
    case 2152:
    case 3386: /* GTP */
        return octet(payload, 1) == 0xff;
    case 3002:
    case 3003:
    case 3006:
    case 4222:
    case 4249:
    case 4250:
    case 5000: /* IPA: a known stream */
        return octet(payload, 2) == 0 || octet(payload, 2) >= 0xdd;
    case 4342: /* LISP over TCP */
        return word(payload, 0) >= 16 && word(payload, 0) <= 32;
    case 4739: /* IPFIX */
        return word(payload, 0) == 9 || word(payload, 0) == 10;
    case 6633:
    case 6634:
    case 6653:
        return may_have_messages(payload);
    case 2812: /* ATM over TCP */
    case 3225: /* FCIP */
    case 3245:
    case 3246:
    case 3247:
    case 3248:  /* Omni-Path */
    case 5066:  /* STANAG 5066 */
    case 14001: /* UMA */
        return payload.len > 0;
    default:
        return false;
    }
}

/* ---- by content, on any port ---- */

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
    return is_doubtful_udp_port(src_port, payload) || is_doubtful_udp_port(dst_port, payload) ||
           is_remote_packet(payload) || is_arbor(payload) || is_transport_stream(payload) || is_intercept(payload) ||
           begins_with(payload, "RFta", 4) ||
           begins_with(payload, "\0\xff\xab\xcd", 4); /* remote capture by radio: RFtap, Peek */
}

bool skypefp_is_doubtful_tcp(uint16_t src_port, uint16_t dst_port, struct layer payload)
{
    if (payload.len == 0) {
        return false;
    }
    return is_doubtful_tcp_port(src_port, payload) || is_doubtful_tcp_port(dst_port, payload) ||
           is_remote_message(payload) || is_ipsec(payload);
}
