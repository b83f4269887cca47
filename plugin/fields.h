/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields and subtrees of SkypeFP, registered in one place with its expert items.
 *
 * The names of functions come from the tables of heuristics/. */
#ifndef SKYPEFP_FIELDS_H
#define SKYPEFP_FIELDS_H

#include "compat.h"

#include "skypefp.h"

/* Wireshark's number of each field; set once at registration, constant afterwards. Their filter names, types and
 * descriptions are in fields.c. */
extern struct skypefp_fields {
    int verdict, bits, sum, endpoint, host, proof, one_way, near_miss, inherited, associated, on_proven_host,
        community_id;
    int rule, rule_bits, rule_frame;
    int udp_id, udp_function, udp_iv, udp_iv_step, udp_crc, udp_reflected, udp_challenge, udp_destination;
    int udp_request_id, udp_fragment, udp_fragment_last;
    int tcp_face, tcp_probe, tcp_target, tcp_unjudged, tcp_payload;
    int tcp_seed, tcp_part_one, tcp_part_two, tcp_cancelled, tcp_padding;
    int contact, contact_first, contact_last, contact_datagrams, contact_octets, contact_keepalives, contact_interval,
        contact_longest_gap, contact_bursts, contact_burst;
    int udp_request_in, udp_reply_in, udp_nak_in, udp_resend_in, udp_response_time;
} skypefp_hf;

/* The protocol SkypeFP, and the subtrees of its layer, of a rule and of a contact; valid after registration. */
extern int skypefp_proto;
extern gint skypefp_ett, skypefp_ett_rule, skypefp_ett_contact;

/* The field that shows a part of octets that a rule looked at, by enum skypefp_part_kind. */
extern const int *const skypefp_part_fields[SKYPEFP_N_PART_KINDS];

/* Registers everything for the protocol; once. */
void skypefp_fields_register(int proto);

#endif
