/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shares of shapes: the 90 %, counters that are full, and ports that fall into one slot. */
#include "shares.h"

static bool is_high(const struct share_table *table, uint32_t port_hash)
{
    const struct share *share = share_slot(table, port_hash);

    return share->port_hash == port_hash && share_is_high(share);
}

static struct share_table table;

static void count(uint32_t port_hash, unsigned n_shaped, unsigned n_others)
{
    for (unsigned i = 0; i < n_shaped + n_others; i++) {
        share_count(&table, port_hash, i < n_shaped, 0);
    }
}

static void begin(void)
{
    shares_begin(&table);
}

static void end(void)
{
    g_clear_pointer(&table.slots, g_free);
}

static void test_ninety_percent(void)
{
    begin();
    count(1, 9, 1);
    count(2, 8, 1);
    count(3, 1, 0);
    count(4, 0, 1);
    g_assert_true(is_high(&table, 1));
    g_assert_false(is_high(&table, 2));
    g_assert_true(is_high(&table, 3));
    g_assert_false(is_high(&table, 4));
    g_assert_false(is_high(&table, 5));
    count(2, 1, 0);
    g_assert_true(is_high(&table, 2));
    end();
}

/* Full counters are halved and the share stays. */
static void test_full(void)
{
    begin();
    count(1, 100000, 0);
    g_assert_true(is_high(&table, 1));
    count(1, 0, 20000);
    g_assert_false(is_high(&table, 1));
    count(2, 0, 100000);
    count(2, 5000, 0);
    g_assert_false(is_high(&table, 2));
    count(3, UINT16_MAX, 0); /* both counters are halved: 6,000 others are 15 % of what is left */
    count(3, 0, 6000);
    g_assert_false(is_high(&table, 3));
    end();
}

/* A count is never another port's: who falls into a slot takes it over, and needs more datagrams from then on. */
static void test_one_slot(void)
{
    begin();
    count(7, 100, 0);
    g_assert_true(is_high(&table, 7));
    g_assert_false(is_high(&table, 7 + SHARE_SLOTS));
    count(7 + SHARE_SLOTS, 0, 1);
    g_assert_false(is_high(&table, 7));
    g_assert_false(is_high(&table, 7 + SHARE_SLOTS));
    count(7, 15, 0);
    g_assert_false(is_high(&table, 7));
    count(7, 1, 0);
    g_assert_true(is_high(&table, 7));
    end();
}

/* What a port sends without a shape counts in its pair while at least half of all has one; then nothing is noted any
 * more. */
static void test_others(void)
{
    begin();
    count(1, 10, 9);
    struct share *share = share_count(&table, 1, false, 0);
    g_assert_false(share_counts_others(share)); /* it has no pair */
    share_note_pair(share);
    g_assert_true(share_counts_others(share));
    g_assert_false(share_counts_others(share_count(&table, 1, false, 0)));
    count(1, 1000, 0);
    g_assert_false(share_counts_others(share_slot(&table, 1)));
    end();
}

/* A hash of 0 is a port like any other. */
static void test_hash_zero(void)
{
    begin();
    g_assert_true(table.slots[0].n_all == 0);
    count(0, 1, 1);
    g_assert_false(is_high(&table, 0));
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shares/ninety-percent", test_ninety_percent);
    g_test_add_func("/shares/full", test_full);
    g_test_add_func("/shares/one-slot", test_one_slot);
    g_test_add_func("/shares/others", test_others);
    g_test_add_func("/shares/hash-zero", test_hash_zero);
    return g_test_run();
}
