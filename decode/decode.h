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

enum skypefp_decoded {
    SKYPEFP_NOTHING, /* certainly neither a datagram of UDP nor a segment of TCP that Wireshark would observe */
    SKYPEFP_DECIDED, /* one datagram or segment */
    SKYPEFP_NOT_SURE,
};

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
    int link;          /* enum skypefp_link (link_type.h), or any other number */
} skypefp_frame;

/* Decodes the next frame of a capture; call it once for each frame, in order. With SKYPEFP_DECIDED, *packet holds
 * everything but frame and time_us; its octets belong to the frame or to the decoder and are valid until the next
 * call. Otherwise *packet is undefined. Any octets are fine. */
enum skypefp_decoded skypefp_decode(skypefp_decoder *decoder, const skypefp_frame *frame, skypefp_packet *packet);

/* For readers of live traffic, which go on after NOT_SURE: forgets the fragments that wait if one of them was the
 * reason, because after that none would be put together. */
void skypefp_decoder_recover(skypefp_decoder *decoder);

#endif
