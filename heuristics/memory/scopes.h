/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which private addresses are one host's though a capture shows them in several VLANs or tunnels.
 *
 * A globally routable address is one host wherever it is seen. Hosts with one private address in two VLANs, or
 * inside and outside of a tunnel, are different hosts. A mirror port may show a packet with its tag and without: the
 * first tag that is seen with an address and the absence of a tag are one scope, number 0. Every other tag, and
 * every depth of tunnels, is a scope of its own. Invariant: at most MAX_TAGGED addresses are remembered; those that
 * come later share scope 0. */
#ifndef SKYPEFP_SCOPES_H
#define SKYPEFP_SCOPES_H

#include "address.h"

enum { MAX_SCOPE = 0x7fff, MAX_TAGGED = 65536 };

struct scope_table {
    GHashTable *by_host; /* struct endpoint_key at port 0, scope: the depth of tunnels -> the first tag */
    GHashTable *numbers; /* place in the network -> number of its scope, from 1 */
    struct hash_key hash_key;
};

void skypefp_scopes_init(struct scope_table *table, uint64_t seed);
void skypefp_scopes_clear(struct scope_table *table);

/* Writes the scopes of a packet's two addresses, by the packet's own scope. Later calls with the same packet give
 * the same. */
void skypefp_scopes_resolve(const struct scope_table *table, skypefp_packet *packet);

#endif
