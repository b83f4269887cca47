/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracker's parts, for the files that observe one transport each. */
#ifndef SKYPEFP_TRACKER_H
#define SKYPEFP_TRACKER_H

#include "endpoints.h"
#include "findings.h"
#include "requests.h"
#include "shares.h"

struct skypefp_tracker {
    struct endpoint_table endpoints;
    struct request_table requests;
    struct finding_store findings;
    struct share_table shares;
};

/* observe_udp.c: one datagram; its finding, or NULL when it has no shape of Skype's. */
skypefp_finding *skypefp_observe_udp(skypefp_tracker *tracker, const skypefp_packet *packet);

/* observe_udp.c: whether a datagram can have a finding; reads a few octets. */
bool skypefp_udp_has_shape(const skypefp_packet *packet);

/* observe_udp.c: how a finding of a datagram stands. */
void skypefp_judge_udp(const skypefp_tracker *tracker, const skypefp_finding *finding, skypefp_judgement *judgement);

#endif
