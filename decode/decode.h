/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The octets of a frame become the packet that Wireshark with the plugin would observe in it, or a refusal.
 *
 * Layer: above skypefp.h, which defines the packet, and below everything that reads captures. No I/O, no clock, no
 * global state.
 *
 * The parser is an understudy. For every frame it either comes to what Wireshark 4.0 with its default preferences
 * and the lean set of dissectors comes to, or says that it is not sure; it is never sure of anything that it does
 * not know. A program that gets one SKYPEFP_NOT_SURE leaves the whole capture to Wireshark, so that one program
 * decides each capture.
 *
 * Plain frames cost no allocation. Fragments are copied until their datagram is whole, in bounded memory. */
#ifndef SKYPEFP_DECODE_H
#define SKYPEFP_DECODE_H

#include "skypefp.h"

/* Link types by their numbers in capture files (LINKTYPE_ of libpcap). */
enum skypefp_link {
    SKYPEFP_LINK_NULL = 0,
    SKYPEFP_LINK_ETHERNET = 1,
    SKYPEFP_LINK_PPP = 9,
    SKYPEFP_LINK_FDDI = 10,
    SKYPEFP_LINK_RAW_BSD = 12, /* what some systems wrote for raw IP */
    SKYPEFP_LINK_RAW_OPENBSD = 14,
    SKYPEFP_LINK_CLASSICAL_IP_BSD = 19,
    SKYPEFP_LINK_PPP_SERIAL = 50,
    SKYPEFP_LINK_PPP_ETHERNET = 51,
    SKYPEFP_LINK_RAW = 101,
    SKYPEFP_LINK_CISCO_HDLC = 104,
    SKYPEFP_LINK_IEEE_802_11 = 105,
    SKYPEFP_LINK_CLASSICAL_IP = 106,
    SKYPEFP_LINK_FRAME_RELAY = 107,
    SKYPEFP_LINK_LOOP = 108,
    SKYPEFP_LINK_HDLC = 112,
    SKYPEFP_LINK_LINUX_SLL = 113,
    SKYPEFP_LINK_SUN_ATM = 123,
    SKYPEFP_LINK_RADIOTAP = 127,
    SKYPEFP_LINK_ARCNET = 129,
    SKYPEFP_LINK_JUNIPER_ATM_1 = 137,
    SKYPEFP_LINK_FIRST_USER = 147,                        /* private use: what is in them is unknown */
    SKYPEFP_LINK_OLD_PKTAP = SKYPEFP_LINK_FIRST_USER + 2, /* Apple's, before it got a number of its own */
    SKYPEFP_LINK_LAST_USER = 162,
    SKYPEFP_LINK_JUNIPER_ETHERNET = 178,
    SKYPEFP_LINK_PPI = 192,
    SKYPEFP_LINK_IPNET = 226,
    SKYPEFP_LINK_CAN = 227,
    SKYPEFP_LINK_IPV4 = 228,
    SKYPEFP_LINK_IPV6 = 229,
    SKYPEFP_LINK_DBUS = 231,
    SKYPEFP_LINK_NFLOG = 239,
    SKYPEFP_LINK_IP_OVER_INFINIBAND = 242,
    SKYPEFP_LINK_PKTAP = 258,
    SKYPEFP_LINK_LINUX_SLL2 = 276,
};

enum skypefp_decoded {
    SKYPEFP_NOTHING, /* certainly neither a datagram of UDP nor a segment of TCP that Wireshark would observe */
    SKYPEFP_DECIDED, /* one datagram or segment */
    SKYPEFP_NOT_SURE,
};

/* Whether frames of a link type can be decoded at all; otherwise each is NOT_SURE. */
bool skypefp_knows_link(int link);

/* The memory of one capture: fragments that wait for the rest of their datagram. */
typedef struct skypefp_decoder skypefp_decoder;

/* A new decoder; free it with skypefp_decoder_free(). */
skypefp_decoder *skypefp_decoder_new(void);
void skypefp_decoder_free(skypefp_decoder *decoder);

/* A frame as it was captured. data is borrowed; NULL is allowed when len is 0. */
typedef struct skypefp_frame {
    const uint8_t *data;
    uint32_t len;      /* captured octets */
    uint32_t wire_len; /* octets on the wire; less than len is NOT_SURE */
    int link;          /* enum skypefp_link, or any other number */
} skypefp_frame;

/* Decodes the next frame of a capture; call it once for each frame, in order. With SKYPEFP_DECIDED, *packet holds
 * everything but frame and time_us; its octets belong to the frame or to the decoder and are valid until the next
 * call. Otherwise *packet is undefined. Any octets are fine. */
enum skypefp_decoded skypefp_decode(skypefp_decoder *decoder, const skypefp_frame *frame, skypefp_packet *packet);

/* For readers of live traffic, which go on after NOT_SURE: forgets the fragments that wait if one of them was the
 * reason, because after that none would be put together. */
void skypefp_decoder_recover(skypefp_decoder *decoder);

#endif
