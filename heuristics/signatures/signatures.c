/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of signatures: the one table of rules. A new signature is one line. */
#include "record.h"
#include "skypefp.h"

#include <glib.h>

/* In the order in which they look: skypefp_signature_<name> is the record. */
#define SIGNATURES(_) \
    _(udp_echo) \
    _(udp_reflect) \
    _(udp_resend) \
    _(udp_fragment) \
    _(udp_iv) \
    _(udp_repeat) \
    _(udp_counter) \
    _(udp_keepalive) \
    _(udp_skypeout) \
    _(tcp_http_facade) \
    _(tcp_garbage_answer) \
    _(tcp_seed_reuse) \
    _(tcp_padding_run) \
    _(tcp_fake_tls_client) \
    _(tcp_fake_tls_server) \
    _(tcp_login) \
    _(tcp_bare) \
    _(tcp_seed_generator) \
    _(tcp_rhythm) \
    _(tcp_small_talk) \
    _(endpoint_both) \
    _(endpoint_peer) \
    _(host_proven) \
    _(host_update_check) \
    _(host_presence)

#define DECLARE(name) extern const struct signature skypefp_signature_##name;
SIGNATURES(DECLARE)

#define NAME(name) &skypefp_signature_##name,
const struct signature *const skypefp_signatures[] = { SIGNATURES(NAME) };

unsigned skypefp_n_rules(void)
{
    return G_N_ELEMENTS(skypefp_signatures);
}

const skypefp_rule *skypefp_rule_at(unsigned index)
{
    return index < skypefp_n_rules() ? &skypefp_signatures[index]->rule : NULL;
}
