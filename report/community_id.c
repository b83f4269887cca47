/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Community ID, version 1.
 *
 *   SHA-1 over   seed(2)   source(4, 16)   destination(4, 16)   protocol(1)   00   source port(2)   destination port(2)
 *
 * in network order. The source is the smaller address, or with equal addresses the one with the smaller port. */
#include "community_id.h"

#include <glib.h>
#include <string.h>

enum { UDP = 17, TCP = 6, SHA1_LEN = 20 };

static bool is_in_order(const skypefp_address *a, const skypefp_address *b)
{
    int order = memcmp(a->bytes, b->bytes, a->len);

    return order < 0 || (order == 0 && a->port <= b->port);
}

const char *report_community_id(enum skypefp_transport transport, const skypefp_address *a, const skypefp_address *b,
                                char id[REPORT_COMMUNITY_ID_SIZE])
{
    const skypefp_address *first = is_in_order(a, b) ? a : b, *second = first == a ? b : a;
    const guchar seed[2] = { 0, 0 };
    const guchar tail[6] = {
        transport == SKYPEFP_UDP ? UDP : TCP, 0,
        (guchar)(first->port >> 8),           (guchar)(first->port & 0xff),
        (guchar)(second->port >> 8),          (guchar)(second->port & 0xff),
    };
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 digest[SHA1_LEN];
    gsize len = sizeof digest;

    g_checksum_update(checksum, seed, sizeof seed);
    g_checksum_update(checksum, first->bytes, first->len);
    g_checksum_update(checksum, second->bytes, second->len);
    g_checksum_update(checksum, tail, sizeof tail);
    g_checksum_get_digest(checksum, digest, &len);
    g_checksum_free(checksum);
    char *text = g_base64_encode(digest, len);
    g_snprintf(id, REPORT_COMMUNITY_ID_SIZE, "1:%s", text);
    g_free(text);
    return id;
}
