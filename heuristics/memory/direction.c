/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One direction of a TCP conversation: puts its first octets in place, whatever the segments do.
 *
 * Offsets come from raw sequence numbers. Retransmissions and overlaps change nothing that is there, segments out of
 * order fill their place, after a SYN that comes late as well, keep-alives lie before what is there, holes stay
 * holes. */
#include "direction.h"

#include <glib.h>

enum { MAX_WINDOW = 65535 }; /* how far after the last octet seen an RST may be; some were missed */

static void cover(uint64_t covered[COVERED_WORDS], uint32_t offset)
{
    covered[offset / 64] |= (uint64_t)1 << offset % 64;
}

static bool is_covered(const struct direction *direction, uint32_t offset)
{
    return offset < direction->n || (direction->covered[offset / 64] >> offset % 64 & 1);
}

bool skypefp_direction_covers_apart(const struct direction *direction, uint32_t offset, uint32_t n)
{
    if (n > FIRST_OCTETS || offset > FIRST_OCTETS - n) {
        return false;
    }
    for (uint32_t i = offset; i < offset + n; i++) {
        if (!is_covered(direction, i)) {
            return false;
        }
    }
    return true;
}

/* Counts on, by whole words, what has no hole before it. */
static void count_from_start(struct direction *direction)
{
    while (direction->n < FIRST_OCTETS) {
        uint32_t word = direction->n / 64;
        if (direction->covered[word] != UINT64_MAX) {
            direction->n = word * 64 + (uint32_t)__builtin_ctzll(~direction->covered[word]); /* no hole before n */
            return;
        }
        direction->n = (word + 1) * 64;
    }
}

/* Moves what is there after octets that are still to come; what no longer is among the first ones is forgotten. */
static void move_octets(struct direction *direction, uint32_t by)
{
    uint64_t covered[COVERED_WORDS] = { 0 };
    uint32_t n_kept = by < FIRST_OCTETS ? FIRST_OCTETS - by : 0;

    for (uint32_t i = 0; i < n_kept; i++) {
        if (is_covered(direction, i)) {
            cover(covered, i + by);
        }
    }
    memmove(direction->first + (FIRST_OCTETS - n_kept), direction->first, n_kept);
    memcpy(direction->covered, covered, sizeof covered);
    direction->has_apart = true;
    direction->n = 0;
    count_from_start(direction);
    direction->n_segments = n_kept > 0 ? direction->n_segments : 0;
    for (unsigned i = 0; i < direction->n_segments; i++) {
        direction->segment_at[i] += by;
        direction->segment_end[i] += by;
    }
    direction->end = by <= INT32_MAX - direction->end ? direction->end + by : 0;
    direction->last_at += by;
    direction->fin_at += by;
}

/* What came before the base was known moves to its place. */
static void set_base(struct direction *direction, uint32_t base)
{
    if (direction->is_late && direction->first != NULL && direction->base != base) {
        move_octets(direction, direction->base - base);
    }
    direction->base = base;
    direction->has_base = true;
    direction->is_late = false;
}

/* Whether a segment ends where the first one that was seen begins, without a SYN so far: it was overtaken. One octet
 * is a keep-alive. */
static bool was_overtaken(const struct direction *direction, const skypefp_packet *packet)
{
    return direction->is_late && packet->wire_len > 1 && packet->wire_len < FIRST_OCTETS &&
           packet->tcp_seq + packet->wire_len == direction->base;
}

/* SYNs with different numbers: one of them may be forged, and hosts ignore it (RFC 5961). The first data shows which
 * one counts, the first or the last; after it, none changes anything. */
static void take_syn(struct direction *direction, const skypefp_packet *packet)
{
    uint32_t base = packet->tcp_seq + 1;

    if (direction->syn_frame == 0) {
        direction->syn_frame = packet->frame;
    } else if (direction->first_frame != 0) {
        return;
    } else if (base != direction->base && !direction->has_other) {
        direction->other_base = direction->base;
        direction->has_other = true;
    }
    set_base(direction, base);
}

/* Data comes next after the SYN that counts. */
static void choose_base(struct direction *direction, const skypefp_packet *packet)
{
    if (packet->tcp_seq - direction->other_base < packet->tcp_seq - direction->base) {
        direction->base = direction->other_base;
    }
    direction->has_other = false;
}

/* The sequence number of the first octet: after the SYN, or the first one that is seen. */
static void find_base(struct direction *direction, const skypefp_packet *packet)
{
    if (packet->tcp_flags & SKYPEFP_SYN) {
        take_syn(direction, packet);
    } else if (packet->wire_len > 0 && direction->has_other) {
        choose_base(direction, packet);
    } else if (packet->wire_len > 0 && (!direction->has_base || was_overtaken(direction, packet))) {
        set_base(direction, packet->tcp_seq);
        direction->is_late = true;
    }
}

static void set_segment(struct direction *direction, unsigned i, uint32_t offset, uint32_t end, uint32_t frame)
{
    direction->segment_at[i] = offset;
    direction->segment_end[i] = end;
    direction->segment_frame[i] = frame;
}

/* Keeps the two segments with the lowest offsets, in whatever order they come; what overlaps with one of them is a
 * copy. */
static void note_segment(struct direction *direction, uint32_t offset, uint32_t end, uint32_t frame)
{
    unsigned n = direction->n_segments, place = 0;

    while (place < n && offset >= direction->segment_end[place]) {
        place++;
    }
    if (place == 2 || (place < n && end > direction->segment_at[place])) {
        return;
    }
    if (place == 0 && n > 0) {
        set_segment(direction, 1, direction->segment_at[0], direction->segment_end[0], direction->segment_frame[0]);
    }
    set_segment(direction, place, offset, end, frame);
    direction->n_segments = (uint8_t)MIN(n + 1, 2);
}

/* Bits [from, end) of a word. */
static uint64_t bits_between(uint32_t from, uint32_t end)
{
    uint64_t below_end = end == 64 ? UINT64_MAX : ((uint64_t)1 << end) - 1;

    return below_end & ~(((uint64_t)1 << from) - 1);
}

/* Copies what is new of the octets [from, end) of one word; true if anything is. Nearly always all of it is. */
static bool fill_word(struct direction *direction, uint32_t word, uint32_t from, uint32_t end, const uint8_t *data)
{
    uint64_t wanted = bits_between(from, end), missing = wanted & ~direction->covered[word];
    uint8_t *first = direction->first + (size_t)word * 64;

    if (missing == wanted) {
        memcpy(first + from, data, end - from);
    } else {
        for (uint32_t i = from; i < end; i++) {
            if (missing >> i & 1) {
                first[i] = data[i - from];
            }
        }
    }
    direction->covered[word] |= missing;
    return missing != 0;
}

/* Copies what is new of the octets [offset, end), after or before a hole, or of what is there. */
G_GNUC_NO_INLINE static bool fill_apart(struct direction *direction, uint32_t offset, uint32_t end, const uint8_t *data)
{
    bool is_new = false;

    for (uint32_t word = 0; word < COVERED_WORDS && word * 64 < direction->n; word++) {
        direction->covered[word] |= bits_between(0, MIN(direction->n - word * 64, 64));
    }
    for (uint32_t at = offset; at < end;) {
        uint32_t word = at / 64, stop = MIN(end, (word + 1) * 64);
        is_new |= fill_word(direction, word, at % 64, stop - word * 64, data + (at - offset));
        at = stop;
    }
    count_from_start(direction);
    direction->has_apart = direction->has_apart || offset > direction->n;
    return is_new;
}

/* Copies what is new of len octets at an offset below FIRST_OCTETS; true if anything is. Nearly always they follow what
 * is there. */
static bool fill(struct direction *direction, uint32_t offset, const uint8_t *data, uint32_t len)
{
    uint32_t n = MIN(len, FIRST_OCTETS - offset);

    if (n == 0 || offset != direction->n || direction->has_apart) {
        return n > 0 && fill_apart(direction, offset, offset + n, data);
    }
    memcpy(direction->first + offset, data, n);
    direction->n += n;
    return true;
}

static bool take_data(struct direction *direction, const skypefp_packet *packet, struct pool *octets)
{
    /* A SYN takes a sequence number itself; data that comes with it (Fast Open) begins at the base. */
    uint32_t offset = packet->tcp_seq + (packet->tcp_flags & SKYPEFP_SYN ? 1u : 0u) - direction->base;

    if (packet->wire_len == 0 || offset > INT32_MAX) {
        return false; /* nothing, or before the first octet: a keep-alive, an old retransmission */
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
        direction->first = skypefp_pool_take(octets);
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

/* Whether a FIN or RST ends the direction. An RST far from what was seen is not the sender's: hosts ignore it too (RFC
 * 5961). */
static bool is_end(const struct direction *direction, const skypefp_packet *packet)
{
    return !(packet->tcp_flags & SKYPEFP_RST) || packet->tcp_seq - direction->base <= direction->end + MAX_WINDOW;
}

bool skypefp_direction_take(struct direction *direction, const skypefp_packet *packet, struct pool *octets)
{
    find_base(direction, packet);
    if (!direction->has_base) {
        return false;
    }
    bool is_new = packet->tcp_flags & SKYPEFP_RST ? false : take_data(direction, packet, octets);

    if (packet->tcp_flags & (SKYPEFP_FIN | SKYPEFP_RST) && !direction->is_closed && is_end(direction, packet)) {
        direction->is_closed = true;
        direction->is_reset = packet->tcp_flags & SKYPEFP_RST;
        direction->close_frame = packet->frame;
        direction->fin_at = packet->tcp_seq + packet->wire_len - direction->base;
        is_new = true;
    }
    return is_new;
}

void skypefp_direction_skip(struct direction *direction, uint32_t n)
{
    uint64_t covered[COVERED_WORDS] = { 0 };
    uint32_t n_kept = n < FIRST_OCTETS ? FIRST_OCTETS - n : 0;

    for (uint32_t i = 0; i < n_kept; i++) {
        if (is_covered(direction, i + n)) {
            cover(covered, i);
        }
    }
    if (direction->first != NULL) {
        memmove(direction->first, direction->first + (FIRST_OCTETS - n_kept), n_kept);
    }
    memcpy(direction->covered, covered, sizeof covered);
    direction->base += n;
    direction->end -= MIN(n, direction->end);
    direction->fin_at -= direction->is_closed ? n : 0;
    direction->n = 0;
    count_from_start(direction);
    direction->n_segments = 0;
    direction->last_at = 0;
    if (direction->end == 0) {
        direction->first_frame = 0;
    }
}
