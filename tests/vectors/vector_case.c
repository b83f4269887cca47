/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and frees the cases of text vectors. */
#include "vectors.h"

static void free_packet(gpointer data)
{
    struct vector_packet *packet = data;

    g_byte_array_free(packet->payload, TRUE);
    g_array_free(packet->fires, TRUE);
    g_free(packet->unjudged);
    g_free(packet);
}

static void free_standing(gpointer data)
{
    struct vector_standing *standing = data;

    g_free(standing->verdict);
    g_free(standing);
}

void vector_case_free(gpointer data)
{
    struct vector_case *in = data;

    g_free(in->name);
    g_free(in->source);
    g_ptr_array_free(in->packets, TRUE);
    g_array_free(in->marked, TRUE);
    g_ptr_array_free(in->standings, TRUE);
    g_array_free(in->hosts, TRUE);
    g_hash_table_destroy(in->directions);
    g_free(in);
}

struct vector_case *vector_case_new(unsigned line, const char *name)
{
    struct vector_case *fresh = g_new0(struct vector_case, 1);

    fresh->line = line;
    fresh->name = g_strdup(name);
    fresh->packets = g_ptr_array_new_with_free_func(free_packet);
    fresh->marked = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    fresh->standings = g_ptr_array_new_with_free_func(free_standing);
    fresh->hosts = g_array_new(FALSE, FALSE, sizeof(struct vector_host));
    fresh->directions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return fresh;
}

struct vector_packet *vector_case_add_packet(struct vector_case *in, unsigned line)
{
    struct vector_packet *fresh = g_new0(struct vector_packet, 1);

    fresh->line = line;
    fresh->payload = g_byte_array_new();
    fresh->fires = g_array_new(FALSE, FALSE, sizeof(struct vector_evidence));
    g_ptr_array_add(in->packets, fresh);
    return fresh;
}

bool is_same_endpoint(const struct vector_endpoint *a, const struct vector_endpoint *b)
{
    return a->len == b->len && a->port == b->port && memcmp(a->bytes, b->bytes, a->len) == 0;
}
