/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others add to the sum of an endpoint: endpoint.peer, that it answered one that is certain, and host.proven,
 * that its host runs Skype. Both are asked for when a packet is judged, because the other may be proven later. */
#ifndef SKYPEFP_ASSOCIATION_H
#define SKYPEFP_ASSOCIATION_H

#include "endpoints.h"

/* Notes that an endpoint answered a checked message of an asker. Others do not count: another program may have used
 * the asker's port before. */
void skypefp_endpoint_add_answered(skypefp_endpoint *endpoint, skypefp_endpoint *asker, uint32_t frame);

/* The frame of an answer to an asker that is certain on its own evidence (endpoint.peer), or 0. */
uint32_t skypefp_endpoint_peer_frame(const skypefp_endpoint *endpoint);

/* Notes evidence or a checked message of an endpoint for its host, a tenancy of which is found or created: a certain
 * endpoint proves its host, and so does a conversation that is at least likely. */
void skypefp_host_note(struct endpoint_table *hosts, skypefp_endpoint *endpoint, uint32_t frame, int64_t time_us);

/* The verdict of an endpoint, association and host included. */
struct standing skypefp_standing(const struct endpoint_table *table, const skypefp_endpoint *endpoint);

#endif
