/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up the evidence of endpoints over captures: per rule the best hit and the sum, then the arithmetic of verdict.c. */
#include "merge_endpoint.h"

#include "address.h"
#include "report.h"

#include <arpa/inet.h>
#include <gio/gio.h>

struct merging {
    GHashTable *by_key;         /* "address port scope" -> struct merged_endpoint */
    GPtrArray *endpoints;
    GPtrArray *keys;
    bool same_network;
    unsigned n_unknown;
};

static void free_endpoint(gpointer data)
{
    struct merged_endpoint *endpoint = data;

    g_free(endpoint->address);
    g_free(endpoint->scope);
    g_array_unref(endpoint->tallies);
    g_array_unref(endpoint->captures);
    g_array_unref(endpoint->facades);
    g_array_unref(endpoint->answers);
    g_free(endpoint);
}

/* Numbers only: no zone, no name. */
static bool is_address(const char *text)
{
    struct in6_addr address;

    return text != NULL && (inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1);
}

/* Global unicast; other IPv6 addresses are private. */
static bool is_global(const char *text)
{
    GInetAddress *address = g_inet_address_new_from_string(text);
    const guint8 *bytes = address != NULL ? g_inet_address_to_bytes(address) : NULL;
    bool is_ipv4 = address != NULL && g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV4;
    bool result = bytes != NULL && (is_ipv4 ? skypefp_ipv4_is_global(read_be32(bytes)) : (bytes[0] & 0xe0) == 0x20);

    g_clear_object(&address);
    return result;
}

/* The endpoint that an object names; made if new. NULL when it names none. */
static struct merged_endpoint *find(struct merging *merging, JsonObject *object, guint capture)
{
    const char *address = report_string(object, "address");
    gint64 port = report_number(object, "port", -1);

    if (!is_address(address) || port < 0 || port > 65535) {
        return NULL;
    }
    const char *scope = merging->same_network || is_global(address) ? NULL : g_ptr_array_index(merging->keys, capture);
    char *key = g_strdup_printf("%s %d %s", address, (int)port, scope != NULL ? scope : "");
    struct merged_endpoint *endpoint = g_hash_table_lookup(merging->by_key, key);
    if (endpoint == NULL) {
        endpoint = g_new0(struct merged_endpoint, 1);
        endpoint->address = g_strdup(address);
        endpoint->scope = g_strdup(scope);
        endpoint->port = (int)port;
        endpoint->tallies = g_array_new(FALSE, FALSE, sizeof(struct merged_tally));
        endpoint->captures = g_array_new(FALSE, FALSE, sizeof(guint));
        endpoint->facades = g_array_new(FALSE, FALSE, sizeof(guint));
        endpoint->answers = g_array_new(FALSE, FALSE, sizeof(struct binary_answer));
        g_ptr_array_add(merging->endpoints, endpoint);
        g_hash_table_insert(merging->by_key, g_steal_pointer(&key), endpoint);
    }
    g_free(key);
    return endpoint;
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

static void add_tally(struct merged_endpoint *endpoint, const struct merged_tally *added)
{
    for (guint i = 0; i < endpoint->tallies->len; i++) {
        struct merged_tally *known = &g_array_index(endpoint->tallies, struct merged_tally, i);
        if (known->tally.rule == added->tally.rule) {
            skypefp_tally_join(&known->tally, &added->tally);
            known->n_captures++;
            return;
        }
    }
    g_array_append_vals(endpoint->tallies, added, 1);
}

static void add_evidence(struct merging *merging, struct merged_endpoint *endpoint, JsonObject *entry, guint capture)
{
    const char *key = report_string(entry, "rule");
    unsigned rule = rule_index(key);

    if (rule == skypefp_n_rules()) {
        merging->n_unknown++;
        return;
    }
    struct merged_tally added = {
        .tally = {
            .hits = (uint32_t)CLAMP(report_number(entry, "packets", 1), 0, G_MAXINT32),
            .first_frame = (uint32_t)CLAMP(report_number(entry, "first_frame", 0), 0, G_MAXUINT32),
            .total_bits = (uint16_t)CLAMP(report_number(entry, "total_bits", 0), 0, SKYPEFP_MAX_BITS),
            .best_bits = (uint8_t)CLAMP(report_number(entry, "bits", 0), 0, SKYPEFP_MAX_BITS),
            .rule = (uint8_t)rule,
        },
        .capture = capture,
        .n_captures = 1,
    };
    add_tally(endpoint, &added);
    if (g_str_equal(key, "tcp.http_facade")) {
        g_array_append_val(endpoint->facades, capture);
    }
}

static void add_endpoint(struct merging *merging, JsonObject *object, guint capture)
{
    struct merged_endpoint *endpoint = find(merging, object, capture);
    JsonArray *evidence = report_array(object, "evidence");

    if (endpoint == NULL) {
        return;
    }
    g_array_append_val(endpoint->captures, capture);
    endpoint->is_associated = endpoint->is_associated || report_boolean(object, "associated");
    endpoint->service = MAX(endpoint->service, skypefp_service_announced(report_string(object, "service")));
    for (guint i = 0; evidence != NULL && i < json_array_get_length(evidence); i++) {
        JsonObject *entry = report_object_at(evidence, i);
        if (entry != NULL) {
            add_evidence(merging, endpoint, entry, capture);
        }
    }
}

static void add_answer(struct merging *merging, JsonObject *object, guint capture)
{
    struct merged_endpoint *endpoint = find(merging, object, capture);
    struct binary_answer answer = { capture, (uint32_t)CLAMP(report_number(object, "frame", 0), 0, G_MAXUINT32) };

    if (endpoint != NULL) {
        g_array_append_val(endpoint->answers, answer);
    }
}

static void add_each(struct merging *merging, JsonObject *record, const char *key, guint capture,
                     void (*add)(struct merging *merging, JsonObject *object, guint capture))
{
    JsonArray *array = report_array(record, key);

    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        JsonObject *object = report_object_at(array, i);
        if (object != NULL) {
            add(merging, object, capture);
        }
    }
}

static bool has_rule(const struct merged_endpoint *endpoint, unsigned rule)
{
    for (guint i = 0; i < endpoint->tallies->len; i++) {
        if (g_array_index(endpoint->tallies, struct merged_tally, i).tally.rule == rule) {
            return true;
        }
    }
    return false;
}

/* A facade in one capture and a binary answer in another are fact 1. Within one capture the plugin has decided. */
static void join_halves(struct merged_endpoint *endpoint)
{
    unsigned rule = rule_index("tcp.garbage_answer");

    for (guint i = 0; i < endpoint->answers->len && !has_rule(endpoint, rule); i++) {
        const struct binary_answer *answer = &g_array_index(endpoint->answers, struct binary_answer, i);
        for (guint k = 0; k < endpoint->facades->len && !has_rule(endpoint, rule); k++) {
            if (g_array_index(endpoint->facades, guint, k) != answer->capture) {
                uint8_t bits = skypefp_rule_at(rule)->bits;
                struct merged_tally added = { { 1, answer->frame, bits, bits, (uint8_t)rule }, answer->capture, 1 };
                g_array_append_val(endpoint->tallies, added);
                g_array_append_val(endpoint->captures, answer->capture);
            }
        }
    }
}

static gint compare_indexes(gconstpointer a, gconstpointer b)
{
    guint left = *(const guint *)a, right = *(const guint *)b;

    return left < right ? -1 : left > right;
}

static gint compare_tallies(gconstpointer a, gconstpointer b)
{
    return ((const struct merged_tally *)a)->tally.rule - ((const struct merged_tally *)b)->tally.rule;
}

static void sum_up(struct merged_endpoint *endpoint)
{
    struct standing *standing = &endpoint->standing;
    GArray *tallies = g_array_new(FALSE, FALSE, sizeof(skypefp_tally));

    join_halves(endpoint);
    g_array_sort(endpoint->captures, compare_indexes);
    g_array_sort(endpoint->tallies, compare_tallies);
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

static gint compare_endpoints(gconstpointer a, gconstpointer b)
{
    const struct merged_endpoint *left = *(const struct merged_endpoint *const *)a;
    const struct merged_endpoint *right = *(const struct merged_endpoint *const *)b;
    int order = right->standing.bits - left->standing.bits;

    order = order != 0 ? order : g_strcmp0(left->address, right->address);
    order = order != 0 ? order : left->port - right->port;
    return order != 0 ? order : g_strcmp0(left->scope, right->scope);
}

GPtrArray *merge_endpoints(GPtrArray *records, GPtrArray *keys, bool same_network, unsigned *n_unknown)
{
    struct merging merging = {
        .by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .endpoints = g_ptr_array_new_with_free_func(free_endpoint),
        .keys = keys,
        .same_network = same_network,
    };

    for (guint i = 0; i < records->len; i++) {
        add_each(&merging, g_ptr_array_index(records, i), "endpoints", i, add_endpoint);
        add_each(&merging, g_ptr_array_index(records, i), "binary_answers", i, add_answer);
    }
    for (guint i = merging.endpoints->len; i-- > 0;) {
        struct merged_endpoint *endpoint = g_ptr_array_index(merging.endpoints, i);
        sum_up(endpoint);
        if (endpoint->tallies->len == 0 && !endpoint->is_associated) {
            g_ptr_array_remove_index_fast(merging.endpoints, i);
        }
    }
    g_ptr_array_sort(merging.endpoints, compare_endpoints);
    g_hash_table_destroy(merging.by_key);
    *n_unknown = merging.n_unknown;
    return merging.endpoints;
}
