/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of one size, zeroed, for what needs the alignment of a pointer: a few instructions to take one and to give it
 * back, where malloc() and free() need some hundred together. What is given back is kept for the next; all of it goes
 * with the pool. */
#ifndef SKYPEFP_POOL_H
#define SKYPEFP_POOL_H

#include <stddef.h>

struct pool {
    size_t size;    /* of a block */
    void *given;    /* blocks given back, each begins with a pointer to the next */
    void *chunks;   /* all that was allocated, linked in the same way */
    size_t n_fresh; /* blocks of the newest chunk that were never taken */
};

/* An empty pool. */
struct pool skypefp_pool(size_t size);

/* A zeroed block. The pool owns it; give it back to the same one. NULL may be given back. */
void *skypefp_pool_take(struct pool *pool);
void skypefp_pool_give(struct pool *pool, void *block);

/* Frees all blocks, given back or not. */
void skypefp_pool_clear(struct pool *pool);

#endif
