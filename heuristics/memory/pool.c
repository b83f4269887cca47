/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of one size. A chunk is an array of them behind a pointer to the chunk before. Under AddressSanitizer each
 * block is a chunk's only one and goes when it is given back, so that it sees what is used afterwards. */
#include "pool.h"

#include <glib.h>
#include <string.h>

enum { ALIGNMENT = 8, CHUNK_OCTETS = 8192 };

struct pool skypefp_pool(size_t size)
{
    return (struct pool){ .size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT };
}

#if defined(__SANITIZE_ADDRESS__)
#define EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif

#ifdef EACH_ALONE

void *skypefp_pool_take(struct pool *pool)
{
    return g_malloc0(pool->size);
}

void skypefp_pool_give(struct pool *pool G_GNUC_UNUSED, void *block)
{
    g_free(block);
}

#else

static void *take_fresh(struct pool *pool)
{
    if (pool->n_fresh == 0) {
        pool->n_fresh = MAX(CHUNK_OCTETS / pool->size, 1);
        void **chunk = g_malloc(ALIGNMENT + pool->n_fresh * pool->size);
        *chunk = pool->chunks;
        pool->chunks = chunk;
    }
    return (char *)pool->chunks + ALIGNMENT + --pool->n_fresh * pool->size;
}

void *skypefp_pool_take(struct pool *pool)
{
    void *block = pool->given;

    if (block != NULL) {
        pool->given = *(void **)block;
    } else {
        block = take_fresh(pool);
    }
    return memset(block, 0, pool->size);
}

void skypefp_pool_give(struct pool *pool, void *block)
{
    if (block != NULL) {
        *(void **)block = pool->given;
        pool->given = block;
    }
}

#endif

void skypefp_pool_clear(struct pool *pool)
{
    while (pool->chunks != NULL) {
        void *before = *(void **)pool->chunks;
        g_free(pool->chunks);
        pool->chunks = before;
    }
    *pool = (struct pool){ .size = pool->size };
}
