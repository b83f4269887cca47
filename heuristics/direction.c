/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One direction of a TCP conversation: puts its first octets in place, whatever the segments do.
 *
 * Offsets come from raw sequence numbers. Retransmissions and overlaps change nothing that is there, segments out of order fill
 * their place, keep-alives lie before what is there, holes stay holes. */
#include "streams.h"

static void cover(struct direction *direction, uint32_t offset)
{
    direction->covered[offset / 64] |= (uint64_t)1 << offset % 64;
}

static bool is_covered(const struct direction *direction, uint32_t offset)
{
    return direction->covered[offset / 64] >> offset % 64 & 1;
}

bool skypefp_direction_covers(const struct direction *direction, uint32_t offset, uint32_t n)
{
    if (direction->first == NULL || n > FIRST_OCTETS || offset > FIRST_OCTETS - n) {
        return false;
    }
    if (offset + n <= direction->n) {
        return true;
    }
    for (uint32_t i = offset; i < offset + n; i++) {
        if (!is_covered(direction, i)) {
            return false;
        }
    }
    return true;
}

/* The sequence number of the first octet: behind the SYN, or the first one that is seen. */
static void find_base(struct direction *direction, const skypefp_packet *packet)
{
    if (packet->tcp_flags & SKYPEFP_SYN) {
        direction->base = packet->tcp_seq + 1;
        direction->has_base = true;
        direction->is_late = false;
    } else if (!direction->has_base && packet->wire_len > 0) {
        direction->base = packet->tcp_seq;
        direction->has_base = true;
        direction->is_late = true;
    }
}

static void note_segment(struct direction *direction, uint32_t offset, uint32_t end, uint32_t frame)
{
    unsigned n = direction->n_segments;

    if (n < 2 && (n == 0 || offset >= direction->segment_end[n - 1])) {
        direction->segment_at[n] = offset;
        direction->segment_end[n] = end;
        direction->segment_frame[n] = frame;
        direction->n_segments++;
    }
}

/* Copies what is new of len octets at an offset below FIRST_OCTETS; true if anything is. */
static bool fill(struct direction *direction, uint32_t offset, const uint8_t *data, uint32_t len)
{
    uint32_t end = offset + MIN(len, FIRST_OCTETS - offset);
    bool is_new = false;

    for (uint32_t i = offset; i < end; i++) {
        if (!is_covered(direction, i)) {
            direction->first[i] = data[i - offset];
            cover(direction, i);
            is_new = true;
        }
    }
    while (direction->n < FIRST_OCTETS && is_covered(direction, direction->n)) {
        direction->n++;
    }
    return is_new;
}

static bool take_data(struct direction *direction, const skypefp_packet *packet)
{
    /* A SYN takes a sequence number itself; data that comes with it (Fast Open) begins at the base. */
    uint32_t offset = packet->tcp_seq + (packet->tcp_flags & SKYPEFP_SYN ? 1u : 0u) - direction->base;

    if (packet->wire_len == 0 || offset > INT32_MAX) {
        return false;           /* nothing, or before the first octet: a keep-alive, an old retransmission */
    }
    if (packet->wire_len <= INT32_MAX - offset) {
        direction->end = MAX(direction->end, offset + packet->wire_len);
    }
    if (direction->first_frame == 0) {
        direction->first_frame = packet->frame;
    }
    if (offset >= FIRST_OCTETS) {
        return false;
    }
    if (direction->first == NULL) {
        direction->first = g_malloc0(FIRST_OCTETS);
    }
    note_segment(direction, offset, offset + packet->wire_len, packet->frame);
    if (packet->len < packet->wire_len && offset + packet->len < FIRST_OCTETS) {
        direction->is_cut = true;
    }
    if (!fill(direction, offset, packet->data, packet->len)) {
        return false;
    }
    direction->last_frame = packet->frame;
    direction->last_at = offset;
    return true;
}

bool skypefp_direction_take(struct direction *direction, const skypefp_packet *packet)
{
    find_base(direction, packet);
    if (!direction->has_base) {
        return false;
    }
    bool is_new = packet->tcp_flags & SKYPEFP_RST ? false : take_data(direction, packet);

    if (packet->tcp_flags & (SKYPEFP_FIN | SKYPEFP_RST) && !direction->is_closed) {
        direction->is_closed = true;
        direction->fin_at = packet->tcp_seq + packet->wire_len - direction->base;
        is_new = true;
    }
    return is_new;
}
