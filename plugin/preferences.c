/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers the preferences of SkypeFP. */
#include "preferences.h"

#include <epan/prefs.h>

struct skypefp_preferences skypefp_preferences;

static void register_threshold(module_t *module)
{
    static const enum_val_t thresholds[] = { { "possible", "Possible (3 bits and more)", SKYPEFP_POSSIBLE },
                                             { "likely", "Likely (10 bits and more)", SKYPEFP_LIKELY },
                                             { "certain", "Certain (20 bits and more)", SKYPEFP_CERTAIN },
                                             { NULL, NULL, 0 } };

    prefs_register_enum_preference(module, "threshold", "Mark packets from this verdict on",
                                   "Packets are marked as SkypeFP if one of their endpoints reaches this verdict",
                                   &skypefp_preferences.threshold, thresholds, FALSE);
}

/* One switch a group of rules, from the table of groups. */
static void register_groups(module_t *module)
{
    wmem_allocator_t *scope = wmem_epan_scope(); /* Wireshark borrows the texts until it ends */

    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        GString *rules = g_string_new(NULL);
        for (unsigned rule = 0; rule < skypefp_n_rules(); rule++) {
            if (skypefp_rule_at(rule)->group == i) {
                g_string_append_printf(rules, "%s%s", rules->len > 0 ? ", " : "", skypefp_rule_at(rule)->key);
            }
        }
        skypefp_preferences.groups[i] = TRUE;
        prefs_register_bool_preference(module, wmem_strdup_printf(scope, "rules.%s", skypefp_group_key(i)),
                                       wmem_strdup_printf(scope, "Rules: %s", skypefp_group_title(i)),
                                       wmem_strdup_printf(scope, "Apply these rules: %s", rules->str),
                                       &skypefp_preferences.groups[i]);
        g_string_free(rules, TRUE);
    }
}

static void register_limits(module_t *module)
{
    skypefp_config config = skypefp_default_config();

    skypefp_preferences.max_endpoints = config.max_endpoints;
    skypefp_preferences.max_requests = config.max_requests;
    skypefp_preferences.max_streams = config.max_streams;
    skypefp_preferences.max_findings = config.max_findings;
    prefs_register_uint_preference(
        module, "max_endpoints", "Endpoints kept at most",
        "Endpoints (address and port) remembered at a time; the least recently used is dropped first", 10,
        &skypefp_preferences.max_endpoints);
    prefs_register_uint_preference(module, "max_requests", "Requests kept at most",
                                   "UDP requests waiting for an answer at a time; the oldest is dropped first", 10,
                                   &skypefp_preferences.max_requests);
    prefs_register_uint_preference(module, "max_streams", "TCP conversations watched at most",
                                   "TCP conversations watched at a time; the least recently used is dropped first", 10,
                                   &skypefp_preferences.max_streams);
    prefs_register_uint_preference(module, "max_findings", "Findings kept at most",
                                   "UDP datagrams with findings kept for later passes, and a tenth as many TCP "
                                   "conversations; the oldest are dropped first",
                                   10, &skypefp_preferences.max_findings);
}

void skypefp_preferences_register(int proto)
{
    module_t *module = prefs_register_protocol(proto, NULL);

    skypefp_preferences.threshold = SKYPEFP_LIKELY;
    register_threshold(module);
    prefs_register_bool_preference(module, "near_misses", "Note near misses",
                                   "Show on unmarked packets which condition of a rule failed first, or why a packet "
                                   "of a proven endpoint is not marked (field skypefp.near_miss)",
                                   &skypefp_preferences.near_misses);
    register_groups(module);
    register_limits(module);
}

skypefp_config skypefp_preferences_config(void)
{
    skypefp_config config = {
        .max_endpoints = skypefp_preferences.max_endpoints,
        .max_requests = skypefp_preferences.max_requests,
        .max_streams = skypefp_preferences.max_streams,
        .max_findings = skypefp_preferences.max_findings,
        .near_misses = skypefp_preferences.near_misses,
        .hash_seed = (uint64_t)g_random_int() << 32 | g_random_int(),
    };

    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        config.disabled_groups |= skypefp_preferences.groups[i] ? 0 : 1u << i;
    }
    return config;
}
