/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches the two ends of sessions by public addresses, times and ports. */
#include "merge_session.h"

#include "merge_address.h"
#include "report.h"

#include <string.h>

enum {
    MAX_VIEWS = 256, /* of one pair of public addresses; with more, the report is hostile, and nothing is matched */
    CLOCK_SKEW_US = 60 * 1000 * 1000, /* between the clocks of two captures */
};

struct views {
    GHashTable *by_pair;          /* "address address" -> GArray of struct session_view */
    GHashTable *public_addresses; /* of the capture at hand: end_key() -> address, of the record */
    guint capture;
};

static int read_port(JsonObject *object)
{
    return (int)CLAMP(report_number(object, "port", -1), -1, G_MAXUINT16);
}

/* "address port scope" of an object with that address; to be freed. */
static char *end_key(JsonObject *object, const char *address)
{
    return g_strdup_printf("%s %d %" G_GINT64_FORMAT, address, read_port(object), report_number(object, "scope", 0));
}

static void read_public_addresses(struct views *views, JsonObject *record)
{
    JsonArray *endpoints = report_array(record, "endpoints");

    g_hash_table_remove_all(views->public_addresses);
    for (guint i = 0; endpoints != NULL && i < json_array_get_length(endpoints); i++) {
        JsonObject *endpoint = report_object_at(endpoints, i);
        const char *public_address = endpoint != NULL ? report_string(endpoint, "public_address") : NULL;
        const char *address = endpoint != NULL ? report_string(endpoint, "address") : NULL;
        if (address != NULL && merge_is_address(public_address) && merge_is_global(public_address)) {
            g_hash_table_insert(views->public_addresses, end_key(endpoint, address),
                                (gpointer)(guintptr)public_address);
        }
    }
}

/* False when the end is not an endpoint, or private with an unknown public address. */
static bool read_end(const struct views *views, JsonObject *object, struct session_end *end)
{
    *end = (struct session_end){ .address = object != NULL ? report_string(object, "address") : NULL };
    if (!merge_is_address(end->address)) {
        return false;
    }
    end->port = read_port(object);
    if (merge_is_global(end->address)) {
        end->public_address = end->address;
    } else {
        char *key = end_key(object, end->address);
        end->public_address = g_hash_table_lookup(views->public_addresses, key);
        g_free(key);
    }
    return end->public_address != NULL;
}

static void add_contact(struct views *views, JsonObject *contact, struct span capture_span)
{
    struct session_view view = { .capture = views->capture,
                                 .span = merge_span(contact, "first_time", "last_time", capture_span) };

    if (!read_end(views, report_object(contact, "a"), &view.ends[0]) ||
        !read_end(views, report_object(contact, "b"), &view.ends[1]) ||
        strcmp(view.ends[0].public_address, view.ends[1].public_address) == 0) {
        return; /* two clients behind one NAT: a capture outside does not show them */
    }
    if (strcmp(view.ends[0].public_address, view.ends[1].public_address) > 0) {
        struct session_end first = view.ends[0];
        view.ends[0] = view.ends[1];
        view.ends[1] = first;
    }
    char *key = g_strdup_printf("%s %s", view.ends[0].public_address, view.ends[1].public_address);
    GArray *same = g_hash_table_lookup(views->by_pair, key);
    if (same == NULL) {
        same = g_array_new(FALSE, FALSE, sizeof(struct session_view));
        g_hash_table_insert(views->by_pair, g_steal_pointer(&key), same);
    }
    g_array_append_val(same, view);
    g_free(key);
}

static bool is_inside(const struct session_end *end)
{
    return end->address != end->public_address;
}

/* Whether two views may be of one session; *n_ports: how many of their ends have the same port in both. */
static bool fits(const struct session_view *a, const struct session_view *b, unsigned *n_ports)
{
    bool is_seen_inside = false;

    *n_ports = 0;
    for (unsigned i = 0; i < 2; i++) {
        if (is_inside(&a->ends[i]) && is_inside(&b->ends[i])) {
            return false;
        }
        is_seen_inside = is_seen_inside || is_inside(&a->ends[i]) || is_inside(&b->ends[i]);
        *n_ports += a->ends[i].port == b->ends[i].port;
    }
    return a->capture != b->capture && is_seen_inside && a->span.is_known && b->span.is_known &&
           merge_span_gap(a->span, b->span) <= CLOCK_SKEW_US;
}

/* The one view that fits best; NULL: none does, or two do equally well. */
static const struct session_view *find_best(const GArray *same, const struct session_view *view, unsigned *n_ports)
{
    const struct session_view *best = NULL;
    bool is_unique = false;

    for (guint i = 0; i < same->len; i++) {
        const struct session_view *other = &g_array_index(same, struct session_view, i);
        unsigned n;
        if (fits(view, other, &n) && (best == NULL || n >= *n_ports)) {
            is_unique = best == NULL || n > *n_ports;
            best = other;
            *n_ports = n;
        }
    }
    return is_unique ? best : NULL;
}

/* Both views have to choose each other. */
static void match(GArray *sessions, const GArray *same)
{
    for (guint i = 0; same->len <= MAX_VIEWS && i < same->len; i++) {
        const struct session_view *view = &g_array_index(same, struct session_view, i);
        unsigned n_ports = 0, n_back = 0;
        const struct session_view *other = find_best(same, view, &n_ports);
        if (other != NULL && view->capture < other->capture && find_best(same, other, &n_back) == view) {
            struct merged_session session = { .views = { *view, *other }, .has_same_ports = n_ports == 2 };
            g_array_append_val(sessions, session);
        }
    }
}

static gint compare_sessions(gconstpointer a, gconstpointer b)
{
    const struct session_view *left = ((const struct merged_session *)a)->views,
                              *right = ((const struct merged_session *)b)->views;
    int order = left->span.first_us < right->span.first_us ? -1 : left->span.first_us > right->span.first_us;

    order = order != 0 ? order : left->capture < right->capture ? -1 : left->capture > right->capture;
    order = order != 0 ? order : strcmp(left->ends[0].public_address, right->ends[0].public_address);
    order = order != 0 ? order : strcmp(left->ends[1].public_address, right->ends[1].public_address);
    order = order != 0 ? order : left->ends[0].port - right->ends[0].port;
    return order != 0 ? order : left->ends[1].port - right->ends[1].port;
}

GArray *merge_sessions(GPtrArray *records)
{
    GArray *sessions = g_array_new(FALSE, FALSE, sizeof(struct merged_session));
    struct views views = {
        .by_pair = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref),
        .public_addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    GHashTableIter iter;
    gpointer same;

    for (views.capture = 0; views.capture < records->len; views.capture++) {
        JsonObject *record = g_ptr_array_index(records, views.capture);
        JsonArray *contacts = report_array(record, "contacts");
        read_public_addresses(&views, record);
        for (guint i = 0; contacts != NULL && i < json_array_get_length(contacts); i++) {
            JsonObject *contact = report_object_at(contacts, i);
            if (contact != NULL) {
                add_contact(&views, contact, merge_capture_span(record));
            }
        }
    }
    g_hash_table_iter_init(&iter, views.by_pair);
    while (g_hash_table_iter_next(&iter, NULL, &same)) {
        match(sessions, same);
    }
    g_array_sort(sessions, compare_sessions);
    g_hash_table_destroy(views.public_addresses);
    g_hash_table_destroy(views.by_pair);
    return sessions;
}
