/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP messages that come back as they went. */
#include "bounced.h"

#include "message.h"

enum {
    COMPARED_OCTETS = SKYPEFP_ANSWER_LEN
}; /* a whole answer; the id, IV and CRC of a payload; the ids of a fragment */

void skypefp_bounced_init(struct bounced_table *table, uint32_t limit, uint64_t seed)
{
    *table = (struct bounced_table){
        .newer = g_hash_table_new(NULL, NULL),
        .older = g_hash_table_new(NULL, NULL),
        .hash_key = skypefp_hash_key(seed),
        .limit = MAX(limit, 1),
    };
}

void skypefp_bounced_clear(struct bounced_table *table)
{
    g_hash_table_destroy(table->newer);
    g_hash_table_destroy(table->older);
}

/* 64 bits, those that every octet has changed in front: a table looks at these. On a machine of 32 bits they are all
 * there is. */
static void *digest(const struct bounced_table *table, const skypefp_packet *packet, uint32_t from, uint32_t to)
{
    const uint64_t *multiplier = table->hash_key.multiplier;
    uint8_t octets[12] = { 0 };

    memcpy(octets, packet->data, MIN(packet->len, COMPARED_OCTETS));
    uint64_t sum = multiplier[0] * from + multiplier[1] * to + multiplier[2] * read_be32(octets) +
                   multiplier[3] * read_be32(octets + 4) + multiplier[4] * read_be32(octets + 8);

    return GSIZE_TO_POINTER((gsize)(sum >> 32 | sum << 32));
}

bool skypefp_bounced_take(struct bounced_table *table, const skypefp_packet *packet, const skypefp_endpoint *src,
                          const skypefp_endpoint *dst)
{
    if (src == dst) {
        return false; /* a forged packet; its copy came the same way */
    }
    const void *went = digest(table, packet, dst->serial, src->serial);

    if (g_hash_table_contains(table->newer, went) || g_hash_table_contains(table->older, went)) {
        return true;
    }
    if (g_hash_table_size(table->newer) >= table->limit) {
        GHashTable *emptied = table->older;
        g_hash_table_remove_all(emptied);
        table->older = table->newer;
        table->newer = emptied;
    }
    g_hash_table_add(table->newer, digest(table, packet, src->serial, dst->serial));
    return false;
}
