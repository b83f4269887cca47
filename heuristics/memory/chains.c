/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The streams by their tuples: what is done seldom. */
#include "chains.h"

enum { FIRST_CHAINS = 64 };

struct chains skypefp_chains(void)
{
    return (struct chains){ .newest = g_new0(struct stream *, FIRST_CHAINS), .n = FIRST_CHAINS };
}

void skypefp_chains_clear(struct chains *chains)
{
    g_free(chains->newest);
}

void skypefp_chains_grow(struct chains *chains)
{
    struct stream **old = chains->newest;
    uint32_t n_old = chains->n;

    chains->n *= 2;
    chains->newest = g_new0(struct stream *, chains->n);
    for (uint32_t i = 0; i < n_old; i++) {
        for (struct stream *stream = old[i], *next; stream != NULL; stream = next) {
            struct stream **chain = chain_of(chains, &stream->tuple);
            next = stream->next_in_chain;
            stream->next_in_chain = *chain;
            *chain = stream;
        }
    }
    g_free(old);
}

void skypefp_chains_remove_earlier(struct stream *newest, struct stream *stream)
{
    g_ptr_array_remove(newest->earlier, stream);
    if (newest->earlier->len == 0) {
        g_ptr_array_free(newest->earlier, TRUE);
        newest->earlier = NULL;
    }
}

struct stream *skypefp_chains_earlier_at(const struct stream *newest, uint32_t frame)
{
    unsigned low = 0, high = n_earlier(newest);

    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct stream *stream = g_ptr_array_index(newest->earlier, middle);
        if (stream->finding.frame <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    struct stream *stream = low > 0 ? g_ptr_array_index(newest->earlier, low - 1) : NULL;

    return stream != NULL && goes_on_at(stream, frame) ? stream : NULL;
}
