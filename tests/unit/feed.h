/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets for unit tests, from numbers. */
#ifndef SKYPEFP_FEED_H
#define SKYPEFP_FEED_H

#include "skypefp.h"

#include <glib.h>
#include <string.h>

enum { FEED_OCTETS = 64 };

/* A packet that owns what it points to; do not copy it. */
struct feed {
    skypefp_packet packet;
    uint8_t src[SKYPEFP_IPV4_LEN], dst[SKYPEFP_IPV4_LEN];
    uint8_t data[FEED_OCTETS];
};

static inline void feed_be32(uint8_t p[4], uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}

/* A packet of len octets, all zero, between two IPv4 endpoints in host order. */
static inline void feed_begin(struct feed *feed, enum skypefp_transport transport, uint32_t frame, uint32_t src,
                              uint16_t src_port, uint32_t dst, uint16_t dst_port, uint32_t len)
{
    g_assert(len <= FEED_OCTETS);
    memset(feed, 0, sizeof *feed);
    feed_be32(feed->src, src);
    feed_be32(feed->dst, dst);
    feed->packet = (skypefp_packet){
        .frame = frame,
        .transport = transport,
        .time_us = (int64_t)frame * 10000,
        .src = { feed->src, SKYPEFP_IPV4_LEN, src_port, 0 },
        .dst = { feed->dst, SKYPEFP_IPV4_LEN, dst_port, 0 },
        .data = len > 0 ? feed->data : NULL,
        .len = len,
        .wire_len = len,
    };
}

/* A UDP payload message of 18 octets: id(2) 02 IV(4) CRC(4) and a ciphertext, another one with each IV. */
static inline void feed_payload(struct feed *feed, uint16_t id, uint32_t iv, uint32_t crc)
{
    feed->data[0] = (uint8_t)(id >> 8);
    feed->data[1] = (uint8_t)id;
    feed->data[2] = 0x02;
    feed_be32(feed->data + 3, iv);
    feed_be32(feed->data + 7, crc);
    feed_be32(feed->data + 11, ~iv);
}

/* The answer to it, 11 octets: id(2) x5 address(4) and 4 octets. */
static inline void feed_ack(struct feed *feed, uint16_t id, uint32_t address)
{
    feed->data[0] = (uint8_t)(id >> 8);
    feed->data[1] = (uint8_t)id;
    feed->data[2] = 0x35;
    feed_be32(feed->data + 3, address);
    feed_be32(feed->data + 7, 0x5c1e77a2u + id * 0x9e3779b9u);
}

#endif
