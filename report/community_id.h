/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Community ID, version 1: one name for a flow that Zeek, Suricata, Wireshark, Arkime and others give it as well, so
 * that their records can be joined (https://github.com/corelight/community-id-spec). */
#ifndef REPORT_COMMUNITY_ID_H
#define REPORT_COMMUNITY_ID_H

#include "skypefp.h"

enum { REPORT_COMMUNITY_ID_SIZE = 2 + 28 + 1 }; /* "1:", base64 of SHA-1, and the end */

/* Writes the ID of a flow with seed 0, the default of every program, and returns it. The two addresses are of one
 * kind, of 4 or 16 octets; their order does not matter. */
const char *report_community_id(enum skypefp_transport transport, const skypefp_address *a, const skypefp_address *b,
                                char id[REPORT_COMMUNITY_ID_SIZE]);

#endif
