/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields, subtrees and expert items of SkypeFP, registered in one place. */
#ifndef SKYPEFP_FIELDS_H
#define SKYPEFP_FIELDS_H

#include "compat.h"

#include <epan/expert.h>

/* Field indices by the job they do; set once at registration. */
extern struct skypefp_fields {
    int verdict, bits, sum, endpoint, proof, one_way, near_miss, inherited, associated;
    int rule, rule_bits, rule_frame;
    int udp_id, udp_function, udp_iv, udp_iv_step, udp_crc, udp_reflected, udp_challenge, udp_destination;
    int udp_request_id, udp_fragment, udp_fragment_last;
    int tcp_face, tcp_probe, tcp_unjudged;
    int udp_request_in, udp_reply_in, udp_nak_in, udp_resend_in, udp_response_time;
} skypefp_hf;

extern int skypefp_proto;
extern gint skypefp_ett, skypefp_ett_rule;

void skypefp_fields_register(int proto);

/* The expert item of a rule. */
expert_field *skypefp_expert(unsigned rule);

#endif
