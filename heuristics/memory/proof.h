/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proof of a rule on an endpoint: its first evidence, with the octets that show it. */
#ifndef SKYPEFP_PROOF_H
#define SKYPEFP_PROOF_H

#include "skypefp.h"

/* Octets in which evidence was found, borrowed for the call. */
struct proving {
    const uint8_t *octets; /* NULL: they are no longer there */
    uint32_t n;
    uint32_t offset;        /* of the first one, in the datagram or direction */
    uint32_t begin, length; /* which of them prove it */
};

/* A proof with up to SKYPEFP_PROOF_OCTETS of the octets: the proving ones, and as many before and after as there is
 * room for. The caller frees it with g_free(). */
skypefp_proof *skypefp_proof_new(const skypefp_evidence *evidence, int64_t time_us, const struct proving *proving);

#endif
