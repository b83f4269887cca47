/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the place of an address in a frame shows: of pinfo's, which are those of the innermost IP header. */
#ifndef SKYPEFP_PLACE_H
#define SKYPEFP_PLACE_H

#include "compat.h"

#include "headers.h"

/* Whether a data source is the frame itself: what is reassembled or decrypted has others. */
static inline bool is_frame(const packet_info *pinfo, const tvbuff_t *tvb)
{
    return pinfo->data_src != NULL && get_data_source_tvb(pinfo->data_src->data) == tvb;
}

/* Whether an IPv4 header, whose source address is at an offset of a frame, is so near its start that no other IP header
 * fits before it. */
static inline bool is_first(int at_address)
{
    return at_address < SKYPEFP_IPV4_HEADER_LEN + SKYPEFP_IPV4_AT_SRC;
}

/* The same for an offset of a data source, which may be the frame. */
static inline bool is_outermost(const packet_info *pinfo, const tvbuff_t *source, int at_address)
{
    return is_first(at_address) && is_frame(pinfo, source);
}

/* A header so near the start that no other IP header and ICMP fit before it is not quoted. */
static inline bool may_be_quoted(int at_address)
{
    enum { ICMP_HEADER_LEN = 8 };

    return at_address >= SKYPEFP_IPV4_HEADER_LEN + ICMP_HEADER_LEN;
}

static inline bool has_ipv4(const address *address)
{
    return address->type == AT_IPv4 && address->len == SKYPEFP_IPV4_LEN;
}

#endif
