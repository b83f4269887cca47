/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where evidence of both transports goes: to its endpoint and that one's host. */
#ifndef SKYPEFP_BOOKING_H
#define SKYPEFP_BOOKING_H

#include "association.h"
#include "tracker.h"

/* Books evidence for an endpoint and its host. */
static inline void book(struct skypefp_tracker *tracker, skypefp_endpoint *endpoint, const skypefp_evidence *evidence,
                        int64_t time_us, const struct proving *proving)
{
    tracker->has_evidence = true;
    skypefp_endpoint_add(endpoint, evidence, time_us, proving);
    skypefp_host_note(&tracker->hosts, endpoint, evidence->frame, time_us);
}

/* The octets of a packet. */
static inline struct proving in_packet(const skypefp_packet *packet, uint32_t offset, uint32_t length)
{
    return (struct proving){ .octets = packet->data, .n = packet->len, .begin = offset, .length = length };
}

#endif
