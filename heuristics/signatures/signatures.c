/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of signatures: the one table of rules. A new signature is one line in each of the two lists. */
#include "record.h"

#include <glib.h>

extern const struct signature skypefp_signature_udp_echo;
extern const struct signature skypefp_signature_udp_reflect;
extern const struct signature skypefp_signature_udp_resend;
extern const struct signature skypefp_signature_udp_fragment;
extern const struct signature skypefp_signature_udp_iv;
extern const struct signature skypefp_signature_udp_repeat;
extern const struct signature skypefp_signature_udp_counter;
extern const struct signature skypefp_signature_udp_keepalive;
extern const struct signature skypefp_signature_udp_skypeout;
extern const struct signature skypefp_signature_tcp_http_facade;
extern const struct signature skypefp_signature_tcp_garbage_answer;
extern const struct signature skypefp_signature_tcp_seed_reuse;
extern const struct signature skypefp_signature_tcp_padding_run;
extern const struct signature skypefp_signature_tcp_fake_tls_client;
extern const struct signature skypefp_signature_tcp_fake_tls_server;
extern const struct signature skypefp_signature_tcp_login;
extern const struct signature skypefp_signature_tcp_bare;
extern const struct signature skypefp_signature_tcp_seed_generator;
extern const struct signature skypefp_signature_tcp_rhythm;
extern const struct signature skypefp_signature_tcp_small_talk;
extern const struct signature skypefp_signature_endpoint_both;
extern const struct signature skypefp_signature_endpoint_peer;
extern const struct signature skypefp_signature_host_proven;
extern const struct signature skypefp_signature_host_update_check;
extern const struct signature skypefp_signature_host_presence;

const struct signature *const skypefp_signatures[] = {
    &skypefp_signature_udp_echo,
    &skypefp_signature_udp_reflect,
    &skypefp_signature_udp_resend,
    &skypefp_signature_udp_fragment,
    &skypefp_signature_udp_iv,
    &skypefp_signature_udp_repeat,
    &skypefp_signature_udp_counter,
    &skypefp_signature_udp_keepalive,
    &skypefp_signature_udp_skypeout,
    &skypefp_signature_tcp_http_facade,
    &skypefp_signature_tcp_garbage_answer,
    &skypefp_signature_tcp_seed_reuse,
    &skypefp_signature_tcp_padding_run,
    &skypefp_signature_tcp_fake_tls_client,
    &skypefp_signature_tcp_fake_tls_server,
    &skypefp_signature_tcp_login,
    &skypefp_signature_tcp_bare,
    &skypefp_signature_tcp_seed_generator,
    &skypefp_signature_tcp_rhythm,
    &skypefp_signature_tcp_small_talk,
    &skypefp_signature_endpoint_both,
    &skypefp_signature_endpoint_peer,
    &skypefp_signature_host_proven,
    &skypefp_signature_host_update_check,
    &skypefp_signature_host_presence,
};

unsigned skypefp_n_rules(void)
{
    return G_N_ELEMENTS(skypefp_signatures);
}

const skypefp_rule *skypefp_rule_at(unsigned index)
{
    return index < skypefp_n_rules() ? &skypefp_signatures[index]->rule : NULL;
}
