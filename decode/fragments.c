/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins fragments of IP. */
#include "fragments.h"

#include "skypefp.h"

#include <glib.h>
#include <string.h>

enum { N_BUCKETS = 256, UNKNOWN_LEN = UINT32_MAX };

struct piece {
    uint32_t begin, end;
};

/* One datagram of which something is missing. */
struct datagram {
    struct datagram *next;                   /* in its bucket */
    uint8_t addresses[2 * SKYPEFP_IPV6_LEN]; /* zero after both */
    uint32_t id;
    uint8_t address_len;
    uint32_t len;      /* UNKNOWN_LEN before the last fragment */
    unsigned n_pieces; /* ascending, none touches another */
    struct piece pieces[MAX_FRAGMENTS];
    uint8_t *data;
    uint32_t room; /* octets allocated */
};

struct fragments {
    struct datagram *buckets[N_BUCKETS];
    unsigned n_datagrams;
    uint32_t n_octets; /* room of all together */
    uint8_t *whole;    /* the datagram that was returned last */
    bool is_confused;  /* a fragment was refused */
    bool has_vlan;     /* a fragment was seen, with this tag */
    uint16_t vlan;
};

struct fragments *skypefp_fragments_new(void)
{
    return g_new0(struct fragments, 1);
}

void skypefp_fragments_free(struct fragments *fragments)
{
    for (unsigned i = 0; i < N_BUCKETS; i++) {
        for (struct datagram *datagram = fragments->buckets[i], *next; datagram != NULL; datagram = next) {
            next = datagram->next;
            g_free(datagram->data);
            g_free(datagram);
        }
    }
    g_free(fragments->whole);
    g_free(fragments);
}

/* Which bucket does not matter for the result, and no bucket grows beyond MAX_FRAGMENTED. */
static struct datagram **find_bucket(struct fragments *fragments, const struct fragment *fragment)
{
    uint32_t hash = fragment->id * 2654435761u;

    for (unsigned i = 0; i < fragment->address_len; i++) {
        hash = hash * 31 + fragment->src[i] + 7u * fragment->dst[i];
    }
    return &fragments->buckets[(hash ^ hash >> 16) % N_BUCKETS];
}

static bool is_of(const struct datagram *datagram, const struct fragment *fragment)
{
    return datagram->id == fragment->id && datagram->address_len == fragment->address_len &&
           memcmp(datagram->addresses, fragment->src, fragment->address_len) == 0 &&
           memcmp(datagram->addresses + fragment->address_len, fragment->dst, fragment->address_len) == 0;
}

/* The link that points to the fragment's datagram, a new one if there is none; NULL: there are too many. */
static struct datagram **find_datagram(struct fragments *fragments, const struct fragment *fragment)
{
    struct datagram **link = find_bucket(fragments, fragment);

    while (*link != NULL && !is_of(*link, fragment)) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        if (fragments->n_datagrams == MAX_FRAGMENTED) {
            return NULL;
        }
        fragments->n_datagrams++;
        *link = g_new0(struct datagram, 1);
        (*link)->id = fragment->id;
        (*link)->address_len = fragment->address_len;
        (*link)->len = UNKNOWN_LEN;
        memcpy((*link)->addresses, fragment->src, fragment->address_len);
        memcpy((*link)->addresses + fragment->address_len, fragment->dst, fragment->address_len);
    }
    return link;
}

/* Notes that octets are there. False: some of them were there before, or there are too many pieces. */
static bool add_piece(struct datagram *datagram, uint32_t begin, uint32_t end)
{
    struct piece *pieces = datagram->pieces;
    unsigned i = 0, n = datagram->n_pieces;

    while (i < n && pieces[i].begin < begin) {
        i++;
    }
    bool joins_left = i > 0 && pieces[i - 1].end == begin, joins_right = i < n && pieces[i].begin == end;
    if ((i > 0 && pieces[i - 1].end > begin) || (i < n && pieces[i].begin < end)) {
        return false;
    }
    if (joins_left && joins_right) {
        pieces[i - 1].end = pieces[i].end;
        memmove(pieces + i, pieces + i + 1, (n - i - 1) * sizeof *pieces);
        datagram->n_pieces--;
    } else if (joins_left) {
        pieces[i - 1].end = end;
    } else if (joins_right) {
        pieces[i].begin = begin;
    } else if (n == MAX_FRAGMENTS) {
        return false;
    } else {
        memmove(pieces + i + 1, pieces + i, (n - i) * sizeof *pieces);
        pieces[i] = (struct piece){ begin, end };
        datagram->n_pieces++;
    }
    return true;
}

/* Room for octets up to an end. False: too much memory waits. */
static bool make_room(struct fragments *fragments, struct datagram *datagram, uint32_t end)
{
    if (end > datagram->room) {
        uint32_t room = MAX(end, MIN(2 * datagram->room, (uint32_t)MAX_DATAGRAM));
        if (fragments->n_octets + (room - datagram->room) > MAX_FRAGMENT_OCTETS) {
            return false;
        }
        fragments->n_octets += room - datagram->room;
        datagram->room = room;
        datagram->data = g_realloc(datagram->data, room);
    }
    return true;
}

/* Whether the fragment agrees with what is known of its datagram's length. */
static bool fits(const struct datagram *datagram, const struct fragment *fragment, uint32_t end)
{
    uint32_t last_end = datagram->n_pieces > 0 ? datagram->pieces[datagram->n_pieces - 1].end : 0;

    if (fragment->is_last) {
        return datagram->len == UNKNOWN_LEN && last_end <= fragment->offset;
    }
    return end % 8 == 0 && (datagram->len == UNKNOWN_LEN || end < datagram->len);
}

/* Takes a whole datagram out of the table. */
static void take_whole(struct fragments *fragments, struct datagram **link, const uint8_t **data, uint32_t *len)
{
    struct datagram *datagram = *link;

    *link = datagram->next;
    fragments->n_datagrams--;
    fragments->n_octets -= datagram->room;
    g_free(fragments->whole);
    fragments->whole = datagram->data;
    *data = datagram->data;
    *len = datagram->len;
    g_free(datagram);
}

static enum joined join(struct fragments *fragments, const struct fragment *fragment, const uint8_t **data,
                        uint32_t *len)
{
    uint32_t end = fragment->offset + fragment->len;

    /* Versions of Wireshark differ in whether the tag belongs to the identification. */
    if (end <= fragment->offset || end > MAX_DATAGRAM || (fragments->has_vlan && fragments->vlan != fragment->vlan)) {
        return JOINED_REFUSED;
    }
    fragments->has_vlan = true;
    fragments->vlan = fragment->vlan;
    struct datagram **link = find_datagram(fragments, fragment);
    if (link == NULL || !fits(*link, fragment, end) || !make_room(fragments, *link, end) ||
        !add_piece(*link, fragment->offset, end)) {
        return JOINED_REFUSED;
    }
    memcpy((*link)->data + fragment->offset, fragment->data, fragment->len);
    if (fragment->is_last) {
        (*link)->len = end;
    }
    if ((*link)->n_pieces == 1 && (*link)->pieces[0].begin == 0 && (*link)->pieces[0].end == (*link)->len) {
        take_whole(fragments, link, data, len);
        return JOINED_WHOLE;
    }
    return JOINED_PART;
}

enum joined skypefp_fragments_join(struct fragments *fragments, const struct fragment *fragment, const uint8_t **data,
                                   uint32_t *len)
{
    enum joined joined = fragments->is_confused ? JOINED_REFUSED : join(fragments, fragment, data, len);

    fragments->is_confused = joined == JOINED_REFUSED;
    return joined;
}

bool skypefp_fragments_are_confused(const struct fragments *fragments)
{
    return fragments->is_confused;
}
