/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One direction of a TCP conversation: its first octets, in place, and where its segments began and ended. */
#ifndef SKYPEFP_DIRECTION_H
#define SKYPEFP_DIRECTION_H

#include "pool.h"
#include "skypefp.h"

enum {
    FIRST_OCTETS =
        160, /* what the signatures look at: 79 of a fake TLS hello, 23 of a seed and its keystream, some text */
    COVERED_WORDS = (FIRST_OCTETS + 63) / 64
};

/* The octets that one side sends. */
struct direction {
    uint8_t *first; /* FIRST_OCTETS, of a pool; NULL before data and after the last look */
    uint64_t
        covered[COVERED_WORDS]; /* which of them were captured, beside the first n; with has_apart alone it counts */
    uint32_t base;              /* sequence number of the first octet */
    uint32_t other_base;        /* with has_other: what the first SYN said, and the last one does not */
    uint32_t n;                 /* octets without a hole from the start, at most FIRST_OCTETS */
    uint32_t end;               /* offset after the last octet seen on the wire */
    uint32_t segment_at[2];     /* where the first two segments, by offset, began and ended: a message often is one */
    uint32_t segment_end[2];
    uint32_t segment_frame[2];
    uint32_t first_frame; /* of data; 0: none yet */
    uint32_t last_frame;  /* of data within the first octets */
    uint32_t syn_frame;   /* 0: none was seen */
    uint32_t close_frame; /* with is_closed */
    uint32_t last_at;     /* offset of that segment */
    uint32_t fin_at;      /* offset of the FIN or RST, with is_closed */
    uint8_t n_segments;   /* different data segments, up to 2 */
    bool has_base, has_other;
    bool has_apart; /* octets may lie after n, with a hole between */
    bool is_late;   /* no SYN was seen: base is the first data segment's */
    bool is_cut;    /* some of the first octets were on the wire and not captured */
    bool is_closed; /* it sent a FIN or RST */
    bool is_reset;  /* an RST came first */
};

/* Takes the octets of a packet in; true when there is something new to look at. octets: of blocks of FIRST_OCTETS. */
bool skypefp_direction_take(struct direction *direction, const skypefp_packet *packet, struct pool *octets);

/* Whether a packet holds nothing but octets after the first ones, as nearly all do: then it is taken in. */
static inline bool direction_passes(struct direction *direction, const skypefp_packet *packet)
{
    uint32_t offset = packet->tcp_seq - direction->base;

    if (direction->first_frame == 0 || packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_FIN | SKYPEFP_RST) ||
        packet->wire_len == 0 || offset < FIRST_OCTETS || offset > INT32_MAX || packet->wire_len > INT32_MAX - offset) {
        return false;
    }
    direction->end = direction->end > offset + packet->wire_len ? direction->end : offset + packet->wire_len;
    return true;
}

/* The first n octets are not the conversation's own, but a proxy's: what follows them is its beginning. */
void skypefp_direction_skip(struct direction *direction, uint32_t n);

/* The same of octets with a hole before them, or with one in them. */
bool skypefp_direction_covers_apart(const struct direction *direction, uint32_t offset, uint32_t n);

/* Whether n octets from offset on were captured. */
static inline bool skypefp_direction_covers(const struct direction *direction, uint32_t offset, uint32_t n)
{
    return direction->first != NULL &&
           ((uint64_t)offset + n <= direction->n || skypefp_direction_covers_apart(direction, offset, n));
}

#endif
