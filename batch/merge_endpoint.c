/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up the evidence of endpoints over captures, a tenancy at a time: per rule, then the arithmetic of verdict.c. */
#include "merge_endpoint.h"

#include "merge_place.h"
#include "report.h"

struct merging {
    GPtrArray *endpoints;
    unsigned n_unknown;
};

static void free_endpoint(gpointer data)
{
    struct merged_endpoint *endpoint = data;

    g_free(endpoint->address);
    g_free(endpoint->scope);
    g_array_unref(endpoint->showings);
    g_clear_pointer(&endpoint->tallies, g_array_unref);
    g_array_unref(endpoint->captures);
    g_array_unref(endpoint->facades);
    g_array_unref(endpoint->answers);
    g_free(endpoint);
}

/* Index of a rule by its key; skypefp_n_rules() for an unknown one. */
static unsigned rule_index(const char *key)
{
    unsigned index = 0;

    while (index < skypefp_n_rules() && g_strcmp0(skypefp_rule_at(index)->key, key) != 0) {
        index++;
    }
    return index;
}

static void add_evidence(struct merging *merging, struct merged_endpoint *endpoint, JsonObject *entry,
                         const struct sighting *sighting)
{
    const char *key = report_string(entry, "rule");
    unsigned rule = rule_index(key);

    if (rule == skypefp_n_rules()) {
        merging->n_unknown++;
        return;
    }
    struct showing showing = {
        .tally = {
            .hits = (uint32_t)CLAMP(report_number(entry, "packets", 1), 0, G_MAXINT32),
            .first_frame = (uint32_t)CLAMP(report_number(entry, "first_frame", 0), 0, G_MAXUINT32),
            .total_bits = (uint16_t)CLAMP(report_number(entry, "total_bits", 0), 0, SKYPEFP_MAX_BITS),
            .best_bits = (uint8_t)CLAMP(report_number(entry, "bits", 0), 0, SKYPEFP_MAX_BITS),
            .rule = (uint8_t)rule,
        },
        .capture = sighting->capture,
        .number = endpoint->showings->len,
        .span = sighting->span,
    };
    g_array_append_val(endpoint->showings, showing);
    if (g_str_equal(key, "tcp.http_facade")) {
        struct half facade = { .capture = sighting->capture, .span = sighting->span };
        g_array_append_val(endpoint->facades, facade);
    }
}

static void add_row(struct merging *merging, struct merged_endpoint *endpoint, const struct sighting *sighting)
{
    JsonArray *evidence = report_array(sighting->row, "evidence");

    g_array_append_val(endpoint->captures, sighting->capture);
    endpoint->is_associated = endpoint->is_associated || report_boolean(sighting->row, "associated");
    endpoint->service = MAX(endpoint->service, skypefp_service_announced(report_string(sighting->row, "service")));
    endpoint->span = merge_span_join(endpoint->span, sighting->span);
    for (guint i = 0; evidence != NULL && i < json_array_get_length(evidence); i++) {
        JsonObject *entry = report_object_at(evidence, i);
        if (entry != NULL) {
            add_evidence(merging, endpoint, entry, sighting);
        }
    }
}

static bool has_rule(const struct merged_endpoint *endpoint, unsigned rule)
{
    for (guint i = 0; i < endpoint->showings->len; i++) {
        if (g_array_index(endpoint->showings, struct showing, i).tally.rule == rule) {
            return true;
        }
    }
    return false;
}

/* A facade in one capture and a binary answer in another give tcp.garbage_answer, up to a day apart. Within
 * one capture the plugin has decided. */
static void join_halves(struct merged_endpoint *endpoint)
{
    unsigned rule = rule_index("tcp.garbage_answer");
    const struct half *answer = has_rule(endpoint, rule)
                                    ? NULL
                                    : merge_find_half(endpoint->facades, endpoint->answers, skypefp_tenancy_us(true));

    if (answer != NULL) {
        uint8_t bits = skypefp_rule_at(rule)->bits;
        struct showing showing = {
            .tally = { 1, answer->frame, bits, bits, (uint8_t)rule, NULL },
            .capture = answer->capture,
            .number = endpoint->showings->len,
            .span = answer->span,
        };
        g_array_append_val(endpoint->showings, showing);
        g_array_append_val(endpoint->captures, answer->capture);
        endpoint->span = merge_span_join(endpoint->span, answer->span);
    }
}

static gint compare_indexes(gconstpointer a, gconstpointer b)
{
    guint left = *(const guint *)a, right = *(const guint *)b;

    return left < right ? -1 : left > right;
}

static void sum_up(struct merged_endpoint *endpoint)
{
    struct standing *standing = &endpoint->standing;
    GArray *tallies = g_array_new(FALSE, FALSE, sizeof(skypefp_tally));

    join_halves(endpoint);
    g_array_sort(endpoint->captures, compare_indexes);
    endpoint->tallies = merge_tallies(endpoint->showings);
    for (guint i = 0; i < endpoint->tallies->len; i++) {
        g_array_append_val(tallies, g_array_index(endpoint->tallies, struct merged_tally, i).tally);
    }
    standing->bits = skypefp_net_bits((const skypefp_tally *)(const void *)tallies->data, tallies->len);
    standing->verdict = skypefp_verdict_of(standing->bits);
    if (endpoint->is_associated) {
        skypefp_associate(standing, standing->proof);
    }
    endpoint->service = skypefp_service_of(endpoint->service, standing->verdict, SKYPEFP_LIKELY);
    g_array_unref(tallies);
}

static struct merged_endpoint *new_endpoint(const struct place *place)
{
    struct merged_endpoint *endpoint = g_new0(struct merged_endpoint, 1);

    endpoint->address = g_strdup(place->address);
    endpoint->scope = g_strdup(place->scope);
    endpoint->port = place->port;
    endpoint->showings = g_array_new(FALSE, FALSE, sizeof(struct showing));
    endpoint->captures = g_array_new(FALSE, FALSE, sizeof(guint));
    endpoint->facades = g_array_new(FALSE, FALSE, sizeof(struct half));
    endpoint->answers = g_array_new(FALSE, FALSE, sizeof(struct half));
    return endpoint;
}

static void add_tenancy(const struct place *place, guint begin, guint end, void *data)
{
    struct merging *merging = data;
    struct merged_endpoint *endpoint = new_endpoint(place);

    for (guint i = begin; i < end; i++) {
        const struct sighting *sighting = &g_array_index(place->sightings, struct sighting, i);
        if (sighting->is_answer) {
            struct half answer = {
                .capture = sighting->capture,
                .span = sighting->span,
                .frame = (uint32_t)CLAMP(report_number(sighting->row, "frame", 0), 0, G_MAXUINT32),
            };
            g_array_append_val(endpoint->answers, answer);
        } else {
            add_row(merging, endpoint, sighting);
        }
    }
    sum_up(endpoint);
    if (endpoint->tallies->len > 0 || endpoint->is_associated) {
        g_ptr_array_add(merging->endpoints, endpoint);
    } else {
        free_endpoint(endpoint);
    }
}

static gint compare_endpoints(gconstpointer a, gconstpointer b)
{
    const struct merged_endpoint *left = *(const struct merged_endpoint *const *)a;
    const struct merged_endpoint *right = *(const struct merged_endpoint *const *)b;
    int order = right->standing.bits - left->standing.bits;

    order = order != 0 ? order : g_strcmp0(left->address, right->address);
    order = order != 0 ? order : left->port - right->port;
    order = order != 0 ? order : g_strcmp0(left->scope, right->scope);
    return order != 0                                   ? order
           : left->span.first_us < right->span.first_us ? -1
                                                        : left->span.first_us > right->span.first_us;
}

GPtrArray *merge_endpoints(GPtrArray *records, GPtrArray *keys, bool same_network, unsigned *n_unknown)
{
    struct merging merging = { .endpoints = g_ptr_array_new_with_free_func(free_endpoint) };
    GHashTable *places = merge_places(records, keys, same_network);
    GHashTableIter iter;
    gpointer place;

    g_hash_table_iter_init(&iter, places);
    while (g_hash_table_iter_next(&iter, NULL, &place)) {
        merge_place_tenancies(place, add_tenancy, &merging);
    }
    g_ptr_array_sort(merging.endpoints, compare_endpoints);
    g_hash_table_destroy(places);
    *n_unknown = merging.n_unknown;
    return merging.endpoints;
}
