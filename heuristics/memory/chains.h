/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The streams by their tuples: chains by hash, linked through the streams, with the earlier ones on each tuple.
 *
 * A segment costs one look, a new conversation no allocation but its own; so what is done for each is here, and what
 * is done seldom in chains.c. The streams are the table's: here they are linked, and never freed. */
#ifndef SKYPEFP_CHAINS_H
#define SKYPEFP_CHAINS_H

#include "stream.h"

struct chains {
    struct stream **newest; /* n of them, a power of two; only the newest stream on a tuple is there */
    uint32_t n, n_tuples;
};

/* Empty ones. */
struct chains skypefp_chains(void);

/* Frees the chains, and no stream. */
void skypefp_chains_clear(struct chains *chains);

/* Twice as many chains. */
void skypefp_chains_grow(struct chains *chains);

static inline struct stream **chain_of(const struct chains *chains, const struct tuple_key *key)
{
    return &chains->newest[key->hash & (chains->n - 1)];
}

/* Where the newest stream on a tuple is linked, or would be: *place is NULL when there is none. */
static inline struct stream **find_place(const struct chains *chains, const struct tuple_key *key)
{
    struct stream **place = chain_of(chains, key);

    while (*place != NULL && ((*place)->tuple.hash != key->hash || !is_same_tuple(&(*place)->tuple, key))) {
        place = &(*place)->next_in_chain;
    }
    return place;
}

/* The first stream on a tuple; place: where it is linked. */
static inline void add_first(struct chains *chains, struct stream **place, struct stream *stream)
{
    *place = stream;
    if (++chains->n_tuples > chains->n) {
        skypefp_chains_grow(chains);
    }
}

static inline unsigned n_earlier(const struct stream *newest)
{
    return newest->earlier != NULL ? newest->earlier->len : 0;
}

/* Puts a stream, or nothing, into the place of the newest one on a tuple, and hands the earlier ones over. */
static inline void replace_newest(struct stream **place, struct stream *by)
{
    struct stream *newest = *place;

    if (by != NULL) {
        by->earlier = newest->earlier;
        by->next_in_chain = newest->next_in_chain;
        *place = by;
    } else {
        *place = newest->next_in_chain;
    }
    newest->earlier = NULL;
}

/* Takes the newest stream on a tuple out of the table; the one before it takes its place. */
static inline void remove_newest(struct chains *chains, struct stream **place)
{
    GPtrArray *earlier = (*place)->earlier;

    if (earlier == NULL) {
        replace_newest(place, NULL);
        chains->n_tuples--;
        return;
    }
    replace_newest(place, g_ptr_array_remove_index(earlier, earlier->len - 1));
    if (earlier->len == 0) {
        g_ptr_array_free(earlier, TRUE);
        (*place)->earlier = NULL;
    }
}

/* Takes an earlier stream out of those on the tuple of the newest one. */
void skypefp_chains_remove_earlier(struct stream *newest, struct stream *stream);

static inline bool goes_on_at(const struct stream *stream, uint32_t frame)
{
    return stream->end_frame == 0 || frame <= stream->end_frame;
}

/* The stream that a frame before the newest one belongs to, of those on its tuple, by bisection; NULL: none, or one
 * that was dropped. */
struct stream *skypefp_chains_earlier_at(const struct stream *newest, uint32_t frame);

/* The same of any frame; nearly always the newest one. */
static inline struct stream *stream_at(struct stream *newest, uint32_t frame)
{
    if (newest->finding.frame <= frame) {
        return goes_on_at(newest, frame) ? newest : NULL;
    }
    return skypefp_chains_earlier_at(newest, frame);
}

#endif
