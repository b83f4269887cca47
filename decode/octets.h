/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Octets of a payload at an offset; where they were not captured -1, at which Wireshark's dissectors stop too. Private
 * to decode/. */
#ifndef SKYPEFP_OCTETS_H
#define SKYPEFP_OCTETS_H

#include "walk.h"

static inline int octet(struct layer payload, uint32_t at)
{
    return at < payload.len ? payload.data[at] : -1;
}

static inline int64_t word(struct layer payload, uint32_t at)
{
    return at + 2 <= payload.len ? read_be16(payload.data + at) : -1;
}

static inline int64_t longword(struct layer payload, uint32_t at)
{
    return at + 4 <= payload.len ? (int64_t)read_be32(payload.data + at) : -1;
}

static inline bool begins_with(struct layer payload, const char *octets, uint32_t n)
{
    return payload.len >= n && memcmp(payload.data, octets, n) == 0;
}

#endif
