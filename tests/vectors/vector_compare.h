/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what the fingerprints say of a case with what the case tells. */
#ifndef SKYPEFP_VECTOR_COMPARE_H
#define SKYPEFP_VECTOR_COMPARE_H

#include "vectors.h"

/* One case under test. */
struct run {
    const char *path;
    const struct vector_case *in;
    skypefp_tracker *tracker;
    bool only_whole;       /* not with cut payloads, too */
    bool *fired;           /* by rule, in this case */
    unsigned n_evidence;   /* of this case */
    unsigned n_initiators; /* that were compared, of this case */
    unsigned n_failures;   /* of all cases so far */
};

/* Prints "file:line: case: what differs". */
void differ(struct run *run, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Compares everything, when all packets of the case were observed. */
void compare_case(struct run *run);

#endif
