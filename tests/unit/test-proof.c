/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which octets a proof keeps: all that prove it, up to its limit, and what surrounds them. */
#include "proof.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

static uint8_t payload[300];

/* Makes a proof from n octets of which some prove it, and checks that it kept these and says where they are. */
static void expect(uint32_t n, uint32_t begin, uint32_t length, uint32_t offset, uint8_t n_kept, uint8_t kept_begin,
                   uint8_t kept_length)
{
    skypefp_evidence evidence = { .frame = 7, .related_frame = 5, .detail = 3 };
    struct proving proving = { n > 0 ? payload : NULL, n, 1000, begin, length };
    skypefp_proof *proof = skypefp_proof_new(&evidence, 42, &proving);

    assert(proof->frame == 7 && proof->related_frame == 5 && proof->detail == 3 && proof->time_us == 42);
    assert(proof->offset == 1000 + offset && proof->n == n_kept);
    assert(proof->begin == kept_begin && proof->length == kept_length);
    assert(memcmp(proof->octets, payload + offset, proof->n) == 0);
    g_free(proof);
}

int main(void)
{
    for (unsigned i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t)i;
    }
    expect(11, 3, 4, 0, 11, 3, 4);   /* short: all of it */
    expect(11, 11, 4, 0, 11, 11, 0); /* nothing behind the end */
    expect(11, 500, 4, 0, 11, 11, 0);
    expect(0, 0, 10, 0, 0, 0, 0); /* gone */
    expect(64, 60, 4, 0, 64, 60, 4);
    expect(65, 4, 61, 0, 64, 4, 60);     /* cut at the end */
    expect(300, 100, 20, 92, 64, 8, 20); /* from the middle, with a lead */
    expect(300, 296, 4, 236, 64, 60, 4); /* the last ones */
    expect(300, 0, 300, 0, 64, 0, 64);
    expect(300, 0, UINT32_MAX, 0, 64, 0, 64);
    return 0;
}
