/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects sightings, and decides by time alone which of them are one owner's. */
#include "merge_place.h"

#include "merge_address.h"
#include "report.h"
#include "verdict.h"

struct collecting {
    GHashTable *places; /* "address port scope capture" -> struct place */
    GPtrArray *records, *keys;
    bool same_network;
};

static void free_place(gpointer data)
{
    struct place *place = data;

    g_free(place->address);
    g_free(place->scope);
    g_array_unref(place->sightings);
    g_free(place);
}

/* The place that a row names; created if absent. NULL when it names none. */
static struct place *find_place(struct collecting *collecting, JsonObject *row, guint capture)
{
    const char *address = report_string(row, "address");
    gint64 port = report_number(row, "port", -1);

    if (!merge_is_address(address) || port < 0 || port > 65535) {
        return NULL;
    }
    const char *scope =
        collecting->same_network || merge_is_global(address) ? NULL : g_ptr_array_index(collecting->keys, capture);
    char *key = g_strdup_printf("%s %d %" G_GINT64_FORMAT " %s", address, (int)port, report_number(row, "scope", 0),
                                scope != NULL ? scope : "");
    struct place *place = g_hash_table_lookup(collecting->places, key);
    if (place == NULL) {
        place = g_new0(struct place, 1);
        place->address = g_strdup(address);
        place->scope = g_strdup(scope);
        place->port = (int)port;
        place->sightings = g_array_new(FALSE, FALSE, sizeof(struct sighting));
        g_hash_table_insert(collecting->places, g_steal_pointer(&key), place);
    }
    g_free(key);
    return place;
}

static bool has_tcp_evidence(JsonObject *row)
{
    JsonArray *evidence = report_array(row, "evidence");
    bool found = false;

    for (guint i = 0; evidence != NULL && i < json_array_get_length(evidence) && !found; i++) {
        JsonObject *entry = report_object_at(evidence, i);
        const char *rule = entry != NULL ? report_string(entry, "rule") : NULL;
        found = rule != NULL && g_str_has_prefix(rule, "tcp.");
    }
    return found;
}

static void add_sighting(struct collecting *collecting, const struct sighting *sighting)
{
    struct place *place = find_place(collecting, sighting->row, sighting->capture);

    if (place != NULL) {
        g_array_append_vals(place->sightings, sighting, 1);
    }
}

static void add_endpoint(struct collecting *collecting, JsonObject *row, guint capture)
{
    JsonObject *record = g_ptr_array_index(collecting->records, capture);
    struct sighting sighting = {
        .capture = capture,
        .row = row,
        .is_listening = report_boolean(row, "listening") || has_tcp_evidence(row),
        .span = merge_span(row, "first_evidence", "last_evidence", merge_capture_span(record)),
    };

    add_sighting(collecting, &sighting);
}

static void add_answer(struct collecting *collecting, JsonObject *row, guint capture)
{
    JsonObject *record = g_ptr_array_index(collecting->records, capture);
    struct sighting sighting = {
        .capture = capture,
        .row = row,
        .is_answer = true,
        .is_listening = true,
        .span = merge_span(row, "time", "time", merge_capture_span(record)),
    };

    add_sighting(collecting, &sighting);
}

static void add_each(struct collecting *collecting, JsonObject *record, const char *key, guint capture,
                     void (*add)(struct collecting *collecting, JsonObject *object, guint capture))
{
    JsonArray *array = report_array(record, key);

    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        JsonObject *object = report_object_at(array, i);
        if (object != NULL) {
            add(collecting, object, capture);
        }
    }
}

GHashTable *merge_places(GPtrArray *records, GPtrArray *keys, bool same_network)
{
    struct collecting collecting = {
        .places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_place),
        .records = records,
        .keys = keys,
        .same_network = same_network,
    };

    for (guint i = 0; i < records->len; i++) {
        add_each(&collecting, g_ptr_array_index(records, i), "endpoints", i, add_endpoint);
        add_each(&collecting, g_ptr_array_index(records, i), "binary_answers", i, add_answer);
    }
    return collecting.places;
}

/* Time first; then capture, and the order in its report. */
static gint compare_sightings(gconstpointer a, gconstpointer b)
{
    const struct sighting *left = a, *right = b;

    return left->span.first_us != right->span.first_us ? (left->span.first_us < right->span.first_us ? -1 : 1)
           : left->span.last_us != right->span.last_us ? (left->span.last_us < right->span.last_us ? -1 : 1)
           : left->capture != right->capture           ? (left->capture < right->capture ? -1 : 1)
                                                       : (int)left->is_answer - (int)right->is_answer;
}

/* Cuts the sightings of a place where no owner is believed to stay: after an hour without evidence, a day if it
 * listens on TCP. */
void merge_place_tenancies(struct place *place, merge_tenancy_handler *handle, void *data)
{
    struct span span = { 0 };
    bool is_listening = false;
    guint begin = 0;

    g_array_sort(place->sightings, compare_sightings);
    for (guint i = 0; i < place->sightings->len; i++) {
        const struct sighting *sighting = &g_array_index(place->sightings, struct sighting, i);
        if (i > begin &&
            merge_span_gap(span, sighting->span) > skypefp_tenancy_us(is_listening || sighting->is_listening)) {
            handle(place, begin, i, data);
            begin = i;
        }
        is_listening = sighting->is_listening || (i > begin && is_listening);
        span = i > begin ? merge_span_join(span, sighting->span) : sighting->span;
    }
    handle(place, begin, place->sightings->len, data);
}
