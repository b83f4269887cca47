/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fragments of IP, kept until their datagram is whole; private to decode/.
 *
 * Wireshark keeps fragments for ever and joins those of equal addresses, identification and protocol in whatever
 * order they come. The same is done here for fragments that fit together without overlap. Anything else is refused,
 * and so is what exceeds the limits: nothing is dropped, because Wireshark would not have dropped it. */
#ifndef SKYPEFP_FRAGMENTS_H
#define SKYPEFP_FRAGMENTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    MAX_FRAGMENTED = 1024,                  /* datagrams that wait at a time */
    MAX_FRAGMENT_OCTETS = 16 * 1024 * 1024, /* of them together */
    MAX_FRAGMENTS = 64,                     /* pieces of a datagram that do not touch */
    MAX_DATAGRAM = 65535,
};

struct fragments;

struct fragment {
    const uint8_t *src, *dst; /* addresses of address_len octets */
    uint8_t address_len;
    uint32_t id;     /* identification, protocol included where it belongs to it */
    uint16_t vlan;   /* 0: untagged */
    uint32_t offset; /* octets */
    const uint8_t *data;
    uint32_t len;
    bool is_last;
};

enum joined { JOINED_PART, JOINED_WHOLE, JOINED_REFUSED };

struct fragments *skypefp_fragments_new(void);
void skypefp_fragments_free(struct fragments *fragments);

/* Adds a fragment that was captured whole. JOINED_WHOLE: *data and *len are the datagram's octets, valid until the
 * next call. After a refusal everything is refused. */
enum joined skypefp_fragments_join(struct fragments *fragments, const struct fragment *fragment, const uint8_t **data,
                                   uint32_t *len);

/* Whether a fragment was refused. */
bool skypefp_fragments_are_confused(const struct fragments *fragments);

#endif
