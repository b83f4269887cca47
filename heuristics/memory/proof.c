/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proof of a rule on an endpoint. */
#include "proof.h"

#include <glib.h>
#include <string.h>

enum { LEAD = 8 }; /* octets before the proving ones, when not all fit */

skypefp_proof *skypefp_proof_new(const skypefp_evidence *evidence, int64_t time_us, const struct proving *proving)
{
    uint32_t n = proving->octets != NULL ? proving->n : 0;
    uint32_t begin = MIN(proving->begin, n);
    uint32_t left_out = n > SKYPEFP_PROOF_OCTETS && begin > LEAD ? MIN(begin - LEAD, n - SKYPEFP_PROOF_OCTETS) : 0;
    uint32_t n_kept = MIN(n - left_out, SKYPEFP_PROOF_OCTETS);
    skypefp_proof *proof = g_malloc(sizeof *proof + n_kept);

    *proof = (skypefp_proof){
        .time_us = time_us,
        .frame = evidence->frame,
        .related_frame = evidence->related_frame,
        .detail = evidence->detail,
        .offset = proving->offset + left_out,
        .n = (uint8_t)n_kept,
        .begin = (uint8_t)(begin - left_out),
        .length = (uint8_t)MIN(proving->length, n_kept - (begin - left_out)),
    };
    if (n_kept > 0) {
        memcpy(proof->octets, proving->octets + left_out, n_kept);
    }
    return proof;
}
