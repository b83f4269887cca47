/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows who answers whom, and reads what answerers announce. */
#include "services.h"

#include "pool.h"
#include "tuple_key.h"

/* Two endpoints that exchange packets. */
struct service_pair {
    struct tuple_key tuple;
    struct answerer *answerer; /* NULL: it has not answered */
    bool answerer_is_low;      /* the end of the tuple that was not seen first, or got the SYN */
    bool greeted_220;          /* the answerer's first octets of data */
};

struct answerer {
    struct endpoint_key key;
    enum skypefp_service service;
    uint32_t first_frame;
};

struct skypefp_services {
    GHashTable *pairs[2];         /* UDP, TCP: struct service_pair -> itself, by its tuple, which comes first */
    struct service_pair *last[2]; /* the pair of the last packet of each, often the next one's too; NULL: none */
    GHashTable *answerers;        /* endpoint_key -> struct answerer */
    struct pool pair_pool, answerer_pool;
    struct hash_key hash_key;
    uint64_t dropped;
};

const char *skypefp_service_name(enum skypefp_service service)
{
    static const char *const names[] = { "unknown", "http", "ftp", "skype" };

    return names[service];
}

enum skypefp_service skypefp_service_announced(const char *name)
{
    for (int service = SKYPEFP_SERVICE_SKYPE - 1; service > SKYPEFP_SERVICE_UNKNOWN; service--) {
        if (g_strcmp0(name, skypefp_service_name((enum skypefp_service)service)) == 0) {
            return (enum skypefp_service)service;
        }
    }
    return SKYPEFP_SERVICE_UNKNOWN;
}

enum skypefp_service skypefp_service_of(enum skypefp_service announced, enum skypefp_verdict verdict,
                                        enum skypefp_verdict threshold)
{
    return verdict >= threshold ? SKYPEFP_SERVICE_SKYPE : announced;
}

skypefp_services *skypefp_services_new(uint64_t hash_seed)
{
    skypefp_services *services = g_new0(skypefp_services, 1);

    for (unsigned i = 0; i < G_N_ELEMENTS(services->pairs); i++) {
        services->pairs[i] = g_hash_table_new(skypefp_tuple_key_hash, skypefp_tuple_key_equal);
    }
    services->answerers = g_hash_table_new(skypefp_key_hash, skypefp_key_equal);
    services->pair_pool = skypefp_pool(sizeof(struct service_pair));
    services->answerer_pool = skypefp_pool(sizeof(struct answerer));
    services->hash_key = skypefp_hash_key(hash_seed);
    return services;
}

/* Empties a table and gives its values back to their pool. */
static void clear_table(GHashTable *table, struct pool *pool)
{
    GHashTableIter iterator;
    gpointer value;

    for (g_hash_table_iter_init(&iterator, table); g_hash_table_iter_next(&iterator, NULL, &value);) {
        skypefp_pool_give(pool, value);
    }
    g_hash_table_destroy(table);
}

void skypefp_services_free(skypefp_services *services)
{
    if (services != NULL) {
        for (unsigned i = 0; i < G_N_ELEMENTS(services->pairs); i++) {
            clear_table(services->pairs[i], &services->pair_pool);
        }
        clear_table(services->answerers, &services->answerer_pool);
        skypefp_pool_clear(&services->pair_pool);
        skypefp_pool_clear(&services->answerer_pool);
        g_free(services);
    }
}

static bool contains_ftp(const skypefp_packet *packet)
{
    char *text = g_ascii_strdown((const char *)packet->data, (gssize)MIN(packet->len, 128));
    bool found = g_strstr_len(text, (gssize)MIN(packet->len, 128), "ftp") != NULL;

    g_free(text);
    return found;
}

static bool starts_with(const skypefp_packet *packet, const char *text)
{
    return packet->len >= strlen(text) && memcmp(packet->data, text, strlen(text)) == 0;
}

/* The sender of a packet as an answerer. */
static struct answerer *touch_answerer(skypefp_services *services, const skypefp_packet *packet)
{
    struct endpoint_key key = skypefp_key(&services->hash_key, &packet->src);
    struct answerer *answerer = g_hash_table_lookup(services->answerers, &key);

    if (answerer == NULL) {
        answerer = skypefp_pool_take(&services->answerer_pool);
        answerer->key = key;
        answerer->first_frame = packet->frame;
        g_hash_table_insert(services->answerers, &answerer->key, answerer);
    }
    return answerer;
}

static bool announce(struct answerer *answerer, enum skypefp_service service)
{
    bool is_new = answerer->service != service;

    answerer->service = service;
    return is_new;
}

/* What the first octets of data announce that an answerer sends; true if that is new. */
static bool read_greeting(struct service_pair *pair, const skypefp_packet *packet)
{
    pair->greeted_220 = starts_with(packet, "220");
    if (starts_with(packet, "HTTP/1.")) {
        return announce(pair->answerer, SKYPEFP_SERVICE_HTTP);
    }
    return pair->greeted_220 && contains_ftp(packet) && announce(pair->answerer, SKYPEFP_SERVICE_FTP);
}

/* Takes an answerer's data; true if what is known of it is new. */
static bool take_answer(skypefp_services *services, struct service_pair *pair, const skypefp_packet *packet)
{
    bool is_first = pair->answerer == NULL;

    if (is_first) {
        pair->answerer = touch_answerer(services, packet);
    }
    bool is_greeting = is_first && packet->transport == SKYPEFP_TCP && read_greeting(pair, packet);

    return is_greeting || pair->answerer->first_frame == packet->frame;
}

static bool is_syn_ack(const skypefp_packet *packet)
{
    return packet->transport == SKYPEFP_TCP && /* the flags of a datagram are not set */
           (packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == (SKYPEFP_SYN | SKYPEFP_ACK);
}

/* The pair of a packet, and whether its sender is the lower end; NULL: new, and there are too many. */
static struct service_pair *find_pair(skypefp_services *services, const skypefp_packet *packet, bool *from_low)
{
    GHashTable *pairs = services->pairs[packet->transport == SKYPEFP_TCP];
    struct service_pair **last = &services->last[packet->transport == SKYPEFP_TCP];
    struct tuple_key tuple;

    skypefp_tuple_key(&services->hash_key, packet, &tuple, from_low);
    if (*last != NULL && is_same_tuple(&(*last)->tuple, &tuple)) {
        return *last;
    }
    struct service_pair *pair = g_hash_table_lookup(pairs, &tuple);

    if (pair == NULL) {
        if (g_hash_table_size(services->pairs[0]) + g_hash_table_size(services->pairs[1]) >= SKYPEFP_MAX_PAIRS) {
            services->dropped++;
            return NULL;
        }
        pair = skypefp_pool_take(&services->pair_pool);
        pair->tuple = tuple;
        pair->answerer_is_low = *from_low == is_syn_ack(packet);
        g_hash_table_add(pairs, pair);
    }
    *last = pair;
    return pair;
}

static skypefp_answerer describe_answerer(const struct answerer *answerer)
{
    return (skypefp_answerer){
        .address = key_address(&answerer->key),
        .service = answerer->service,
        .first_frame = answerer->first_frame,
    };
}

bool skypefp_services_observe(skypefp_services *services, const skypefp_packet *packet, skypefp_answerer *changed)
{
    bool from_low, is_changed;

    if (!has_ip_addresses(packet)) {
        return false;
    }
    struct service_pair *pair = find_pair(services, packet, &from_low);
    if (pair == NULL || packet->wire_len == 0) {
        return false;
    }
    if (from_low == pair->answerer_is_low) {
        is_changed = take_answer(services, pair, packet);
    } else {
        is_changed = pair->greeted_220 && starts_with(packet, "USER ") && announce(pair->answerer, SKYPEFP_SERVICE_FTP);
    }
    if (is_changed) {
        *changed = describe_answerer(pair->answerer);
    }
    return is_changed;
}

static gint compare_answerers(gconstpointer a, gconstpointer b)
{
    const struct answerer *left = a, *right = b;

    return skypefp_key_compare(&left->key, &right->key);
}

skypefp_answerer *skypefp_services_list(const skypefp_services *services, unsigned *n)
{
    GList *sorted = g_list_sort(g_hash_table_get_values(services->answerers), compare_answerers);
    unsigned i = 0;

    *n = g_hash_table_size(services->answerers);
    skypefp_answerer *list = g_new0(skypefp_answerer, *n);
    for (const GList *link = sorted; link != NULL; link = link->next, i++) {
        list[i] = describe_answerer(link->data);
    }
    g_list_free(sorted);
    return list;
}

enum skypefp_service skypefp_services_lookup(const skypefp_services *services, const skypefp_address *address)
{
    struct endpoint_key key = skypefp_key(&services->hash_key, address);
    const struct answerer *answerer = g_hash_table_lookup(services->answerers, &key);

    return answerer != NULL ? answerer->service : SKYPEFP_SERVICE_UNKNOWN;
}

uint64_t skypefp_services_dropped(const skypefp_services *services)
{
    return services->dropped;
}
