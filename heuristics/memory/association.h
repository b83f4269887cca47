/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who answered whom: what endpoint.peer adds to the sum of an endpoint, for as long as the asker is certain. */
#ifndef SKYPEFP_ASSOCIATION_H
#define SKYPEFP_ASSOCIATION_H

#include "endpoints.h"

/* Notes that an endpoint answered an asker. */
void skypefp_endpoint_add_answered(const struct endpoint_table *table, skypefp_endpoint *endpoint,
                                   const skypefp_endpoint *asker, uint32_t frame);

/* The frame of an answer to an asker that is certain on its own evidence (endpoint.peer), or 0. */
uint32_t skypefp_endpoint_peer_frame(const struct endpoint_table *table, const skypefp_endpoint *endpoint);

/* The verdict of an endpoint, association included. */
struct standing skypefp_standing(const struct endpoint_table *table, const skypefp_endpoint *endpoint);

#endif
