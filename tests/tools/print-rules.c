/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the table of rules as tab-separated lines: key, group, bits, sentence, source, basis, theory's bits,
 * reason. tests/rules.py reads it, and from there come documentation, calibration and what test-captures may name. */
#include "skypefp.h"

#include <stdio.h>

int main(void)
{
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        const skypefp_rule *rule = skypefp_rule_at(i);
        printf("%s\t%s\t%u\t%s\t%s\t%s\t%u\t%s\n", rule->key, skypefp_group_key(rule->group), rule->bits,
               rule->sentence, rule->source, skypefp_basis_name(rule->basis), rule->theory_bits, rule->reason);
    }
    return 0;
}
