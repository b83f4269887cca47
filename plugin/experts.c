/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers the expert items of SkypeFP. */
#include "experts.h"

#include "skypefp.h"

expert_field skypefp_not_tls = EI_INIT;

/* One expert item a rule, in the order of the rules. */
static expert_field *rule_experts;

/* What the chance alone says is worth a note; what needs company is chat. */
static int rule_severity(const skypefp_rule *rule)
{
    return rule->bits >= 24 ? PI_NOTE : PI_CHAT;
}

/* One registered item a rule, made from the table of rules. */
void skypefp_experts_register(int proto)
{
    static ei_register_info others[] = {
        { &skypefp_not_tls,
          { "skypefp.expert.not_tls", PI_PROTOCOL, PI_NOTE,
            "Skype imitates TLS here: what TLS calls malformed or unknown in this frame is Skype's own data",
            EXPFILL } },
    };
    expert_module_t *module = expert_register_protocol(proto);
    unsigned n = skypefp_n_rules();
    wmem_allocator_t *scope = wmem_epan_scope(); /* Wireshark borrows all of it until it ends */
    ei_register_info *items = wmem_alloc0_array(scope, ei_register_info, n);

    rule_experts = wmem_alloc0_array(scope, expert_field, n);
    for (unsigned i = 0; i < n; i++) {
        const skypefp_rule *rule = skypefp_rule_at(i);
        rule_experts[i] = (expert_field)EI_INIT;
        items[i] = (ei_register_info){ &rule_experts[i],
                                       { wmem_strdup_printf(scope, "skypefp.expert.%s", rule->key), PI_PROTOCOL,
                                         rule_severity(rule), rule->sentence, EXPFILL } };
    }
    expert_register_field_array(module, items, (int)n);
    expert_register_field_array(module, others, array_length(others));
}

expert_field *skypefp_expert(unsigned rule)
{
    return &rule_experts[rule];
}
