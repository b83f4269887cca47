/* SPDX-License-Identifier: GPL-2.0-or-later */
/* endpoint.peer: the endpoint answered one that is certain on its own evidence.
 *
 * It looks at no octets: the answer is an ack, NAK or fragment with the id of a request, and verdict.c adds the
 * bits, because the asker may be proven long after it was answered. A sum with it is at most likely and the base of
 * nothing further. Who merely asked proves nothing: a scanner asks too. Weight: a convention; a host that
 * understands a proven client's request speaks its protocol. */
#include "signature.h"

const struct signature skypefp_signature_endpoint_peer = {
    .rule = {
        .key = "endpoint.peer",
        .group = SKYPEFP_GROUP_PEER,
        .bits = SKYPEFP_PEER_BITS,
        .basis = SKYPEFP_BASIS_CONVENTION,
        .reason = "follows from another's proof",
        .sentence = "It answered an endpoint that is certain",
        .source = "convention",
    },
};
