/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands the packets of a vector to the fingerprints, each payload where memory ends: whoever reads one octet too
 * many is killed. */
#ifndef SKYPEFP_VECTOR_EDGE_H
#define SKYPEFP_VECTOR_EDGE_H

#include "vectors.h"

const struct vector_packet *packet_at(const struct vector_case *in, unsigned i);

/* skypefp_observe() in the first pass, otherwise skypefp_find(), of a packet with at most max_len octets captured. */
bool call_at_edge(skypefp_tracker *tracker, const struct vector_packet *from, bool is_first_pass, uint32_t max_len,
                  skypefp_sighting *sighting);

#endif
