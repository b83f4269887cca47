/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of rules: every record is complete, and no weight is more than theory gives. */
#include "skypefp.h"

#include <glib.h>
#include <string.h>

static void assert_text(const char *text)
{
    g_assert_nonnull(text);
    g_assert_cmpuint(strlen(text), >, 0);
    g_assert_null(strpbrk(text, "\t\n|")); /* each is one cell of a table */
}

static void test_records(void)
{
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        const skypefp_rule *rule = skypefp_rule_at(i);
        g_test_message("%s", rule->key);
        assert_text(rule->key);
        assert_text(rule->sentence);
        assert_text(rule->source);
        assert_text(rule->reason);
        g_assert_nonnull(strchr(rule->key, '.'));
        g_assert_cmpint(rule->group, <, SKYPEFP_N_GROUPS);
        g_assert_cmpuint(rule->bits, <=, SKYPEFP_MAX_BITS);
        g_assert_true((rule->face == NULL) == (rule->conversation == NULL));
        g_assert_true((rule->parts == NULL) == (rule->n_parts == 0));
        for (unsigned j = 0; j < i; j++) {
            g_assert_cmpstr(rule->key, !=, skypefp_rule_at(j)->key);
        }
    }
    g_assert_null(skypefp_rule_at(skypefp_n_rules()));
}

static void test_weights(void)
{
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        const skypefp_rule *rule = skypefp_rule_at(i);
        g_test_message("%s", rule->key);
        g_assert_cmpint(rule->basis, <=, SKYPEFP_BASIS_NONE);
        if (rule->basis == SKYPEFP_BASIS_THEORY) {
            g_assert_cmpuint(rule->bits, <=, rule->theory_bits);
        } else {
            g_assert_cmpuint(rule->theory_bits, ==, 0);
        }
        g_assert_true((rule->basis == SKYPEFP_BASIS_NONE) == (rule->bits == 0));
        g_assert_true((rule->group == SKYPEFP_GROUP_PRESENCE) == (rule->bits == 0));
    }
}

static void test_names(void)
{
    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        assert_text(skypefp_group_key(i));
        assert_text(skypefp_group_title(i));
    }
    g_assert_cmpstr(skypefp_basis_name(SKYPEFP_BASIS_THEORY), ==, "theory");
    g_assert_cmpstr(skypefp_basis_name(SKYPEFP_BASIS_MEASURED), ==, "measured");
    g_assert_cmpstr(skypefp_basis_name(SKYPEFP_BASIS_CONVENTION), ==, "convention");
    g_assert_cmpstr(skypefp_basis_name(SKYPEFP_BASIS_NONE), ==, "no bits");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/records", test_records);
    g_test_add_func("/rules/weights", test_weights);
    g_test_add_func("/rules/names", test_names);
    return g_test_run();
}
