/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of a pool: zeroed when new and when used again, apart from each other, and used again. */
#include "pool.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { SIZE = 42, N = 1000 };

static bool is_zero(const char *block)
{
    for (unsigned i = 0; i < SIZE; i++) {
        if (block[i] != 0) {
            return false;
        }
    }
    return true;
}

static void test_blocks(void)
{
    struct pool pool = skypefp_pool(SIZE);
    char *blocks[N];

    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < N; i++) {
            blocks[i] = skypefp_pool_take(&pool);
            g_assert_true(is_zero(blocks[i]));
            memset(blocks[i], (int)(i % 255) + 1, SIZE);
        }
        for (unsigned i = 0; i < N; i++) {
            g_assert_cmpint(blocks[i][0], ==, (char)(i % 255 + 1));
            g_assert_true(memcmp(blocks[i], blocks[i] + 1, SIZE - 1) == 0);
            skypefp_pool_give(&pool, blocks[i]);
        }
    }
    skypefp_pool_give(&pool, NULL);
    skypefp_pool_clear(&pool);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pool/blocks", test_blocks);
    return g_test_run();
}
