/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads on the ports of dissectors that may come to an IP header. */
#define _GNU_SOURCE /* memmem */
#include "port_doubts.h"

#include "ethernet.h"
#include "octets.h"

/* ---- conditions on the first octets ---- */

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

/* Juniper mirrors: after 8 octets IP, or PPP framed like HDLC (FF 03). 00 is not one of them: a DNS query has it
 * there. */
static bool is_mirrored(struct layer payload)
{
    int first = octet(payload, 8);

    return is_ip_version(first) || first == 0xff;
}

/* AYIYA: the protocol in octet 3 is not one that is known to end there. */
static bool is_ayiya(struct layer payload)
{
    return octet(payload, 3) >= 0 && octet(payload, 3) < 144;
}

/* ---- by port ---- */

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

/* IEEE 802.2, with information (octet 2: even, or 03 and perhaps 10), for a service access point from which Wireshark
 * comes to IP or to addresses of another network: SNA, IP, IPX, OSI's, X.25, XNS, SNAP, VINES and HPR. */
static bool is_llc(struct layer payload)
{
    static const uint8_t points[] = { 0x04, 0x06, 0x08, 0x0c, 0x10, 0x14, 0x20, 0x34, 0x40,
                                      0x54, 0x7e, 0x80, 0xaa, 0xbc, 0xc8, 0xe0, 0xf8, 0xfe };
    int control = octet(payload, 2);

    return control >= 0 && ((control & 0x01) == 0 || (control & 0xef) == 0x03) &&
           memchr(points, payload.data[0] & 0xfe, sizeof points) != NULL;
}

/* Ethernet: a type, whatever it is; or a length and then IEEE 802.2 or FFFF, Novell's IPX; or Cisco's ISL, by its
 * destination. */
static bool is_ethernet(struct layer payload)
{
    enum { AT_TYPE = 12, HEADER_LEN = 14, FIRST_TYPE = 0x600 };
    int64_t type = word(payload, AT_TYPE);

    if (type < 0 || type >= FIRST_TYPE) {
        return type >= FIRST_TYPE;
    }
    struct layer rest =
        make_layer(payload.data + HEADER_LEN, payload.len - HEADER_LEN, payload.wire_len - HEADER_LEN, false);

    return is_llc(rest) || word(rest, 0) == 0xffff || skypefp_begins_as_isl(payload.data);
}

/* LWAPP: [6 octets of an access point] 0: flags, 04 a control message   6: an 802.11 frame, data in either order of its
 * first two octets. Both places are looked at. */
static bool is_lwapp_data(struct layer payload, uint32_t at)
{
    enum { CONTROL = 0x04, AT_FRAME = 6, TYPE_MASK = 0x0c, DATA = 0x08 };
    int flags = octet(payload, at);

    return flags >= 0 && (flags & CONTROL) == 0 &&
           ((octet(payload, at + AT_FRAME) & TYPE_MASK) == DATA ||
            (octet(payload, at + AT_FRAME + 1) & TYPE_MASK) == DATA);
}

/* MiNT: the kind of packet in octets 12..13, of which two hold Ethernet frames. */
static bool is_mint_data(struct layer payload)
{
    int64_t kind = word(payload, 12);

    return kind == 1 || kind == 2;
}

/* Mobility headers that a packet may follow: 0: what follows   2: kind. */
static bool is_mobile_packet(struct layer payload)
{
    enum { FAST_ACK = 9, FAST_ADVERTISEMENT = 10, IPV6 = 41, AUTHENTICATION = 51 };
    int next = octet(payload, 0), kind = octet(payload, 2);

    return (kind == FAST_ADVERTISEMENT && next == IPV6) || (kind == FAST_ACK && next == AUTHENTICATION);
}

/* NXP's sniffer: 0..4: time   5..: a name that ends with 00   3 octets, then an 802.15.4 frame, of which data alone (1
 * in the low three bits) may hold IPv6. */
static bool is_sniffed_data(struct layer payload)
{
    enum { AT_NAME = 5, NUMBERS_LEN = 3, TYPE_MASK = 7, DATA = 1 };
    const uint8_t *end = payload.len > AT_NAME ? memchr(payload.data + AT_NAME, 0, payload.len - AT_NAME) : NULL;

    return end != NULL && (octet(payload, (uint32_t)(end - payload.data) + 1 + NUMBERS_LEN) & TYPE_MASK) == DATA;
}

bool skypefp_is_doubtful_udp_port(uint16_t port, struct layer payload)
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
    case 2157:
    case 19999: /* GPRS network service: data, and a status, which quotes */
        return octet(payload, 0) == 0 || octet(payload, 0) == 8;
    case 5436:
        return is_mobile_packet(payload);
    case 12000:
    case 12001:
    case 12002:
    case 12003:
    case 12004:
        return is_llc(payload);
    case 12220:
        return is_ethernet(payload);
    case 12222:
    case 12223:
        return is_lwapp_data(payload, 0) || is_lwapp_data(payload, 6);
    case 13907:
    case 13910: /* WASSP, version 3 */
        return octet(payload, 0) == 3;
    case 24576:
    case 24577:
        return is_mint_data(payload);
    case 49999:
        return is_sniffed_data(payload);
    case 213:
    case 573:  /* IPX, VINES FRP: addresses of their own */
    case 4791: /* RoCE */
    case 6118: /* TIPC */
    case 6635: /* MPLS */
    case 9899: /* SCTP */
        return payload.len > 0;
    default:
        return false;
    }
}

/* FCIP: the first four octets of a header anywhere, or the end of the payload may be their beginning. */
static bool may_hold_fcip(struct layer payload)
{
    static const uint8_t header[] = { 0x01, 0x01, 0xfe, 0xfe };

    for (uint32_t n = 1; n < sizeof header && n <= payload.len; n++) {
        if (memcmp(payload.data + payload.len - n, header, n) == 0) {
            return true;
        }
    }
    return payload.len > 0 && memmem(payload.data, payload.len, header, sizeof header) != NULL;
}

bool skypefp_is_doubtful_tcp_port(uint16_t port, struct layer payload)
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
    case 3225:
        return may_hold_fcip(payload);
    default:
        return false;
    }
}
