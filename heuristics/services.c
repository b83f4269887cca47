/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows who answers whom, and reads what answerers announce. */
#include "services.h"

#include "address.h"

/* Two endpoints that exchange packets. */
struct service_pair {
    struct endpoint_key asker; /* who was seen first, or sent the SYN */
    struct endpoint_key answerer;
    uint32_t hash;
    enum skypefp_transport transport;
    bool greeted_220; /* the answerer's first octets of data */
    bool has_answered;
};

struct answerer {
    struct endpoint_key key;
    enum skypefp_service service;
    uint32_t first_frame;
};

struct skypefp_services {
    GHashTable *pairs;     /* struct service_pair -> itself */
    GHashTable *answerers; /* endpoint_key -> struct answerer */
    struct hash_key hash_key;
    uint64_t dropped;
};

static guint hash_pair(gconstpointer key)
{
    return ((const struct service_pair *)key)->hash;
}

static gboolean equal_pair(gconstpointer a, gconstpointer b)
{
    const struct service_pair *left = a, *right = b;

    return left->transport == right->transport &&
           ((skypefp_key_equal(&left->asker, &right->asker) && skypefp_key_equal(&left->answerer, &right->answerer)) ||
            (skypefp_key_equal(&left->asker, &right->answerer) && skypefp_key_equal(&left->answerer, &right->asker)));
}

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

    services->pairs = g_hash_table_new_full(hash_pair, equal_pair, g_free, NULL);
    services->answerers = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, NULL, g_free);
    services->hash_key = skypefp_hash_key(hash_seed);
    return services;
}

void skypefp_services_free(skypefp_services *services)
{
    if (services != NULL) {
        g_hash_table_destroy(services->pairs);
        g_hash_table_destroy(services->answerers);
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

static struct answerer *touch_answerer(skypefp_services *services, const struct endpoint_key *key, uint32_t frame)
{
    struct answerer *answerer = g_hash_table_lookup(services->answerers, key);

    if (answerer == NULL) {
        answerer = g_new0(struct answerer, 1);
        answerer->key = *key;
        answerer->first_frame = frame;
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

/* What an answerer's packet announces; true if that is new. */
static bool read_answer(struct answerer *answerer, struct service_pair *pair, const skypefp_packet *packet)
{
    bool is_first = !pair->has_answered, is_new = answerer->first_frame == packet->frame;

    pair->has_answered = true;
    if (packet->transport != SKYPEFP_TCP || !is_first) {
        return is_new;
    }
    pair->greeted_220 = starts_with(packet, "220");
    if (starts_with(packet, "HTTP/1.")) {
        return announce(answerer, SKYPEFP_SERVICE_HTTP) || is_new;
    }
    return (pair->greeted_220 && contains_ftp(packet) && announce(answerer, SKYPEFP_SERVICE_FTP)) || is_new;
}

/* The same for both directions. A mere sum would be equal for all pairs whose ports add up to one number. */
static uint32_t hash_both(const struct hash_key *hash_key, const struct endpoint_key *a, const struct endpoint_key *b)
{
    uint32_t low = MIN(a->hash, b->hash), high = MAX(a->hash, b->hash);

    return (uint32_t)((hash_key->multiplier[0] * low + hash_key->multiplier[1] * high) >> 32);
}

/* The pair of a packet; NULL: new, and there are too many. */
static struct service_pair *find_pair(skypefp_services *services, const skypefp_packet *packet)
{
    struct endpoint_key src = skypefp_key(&services->hash_key, &packet->src);
    struct endpoint_key dst = skypefp_key(&services->hash_key, &packet->dst);
    bool is_answer = packet->transport == SKYPEFP_TCP && /* the flags of a datagram are not set */
                     (packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == (SKYPEFP_SYN | SKYPEFP_ACK);
    struct service_pair wanted = {
        .asker = is_answer ? dst : src,
        .answerer = is_answer ? src : dst,
        .transport = packet->transport,
        .hash = hash_both(&services->hash_key, &src, &dst),
    };
    struct service_pair *pair = g_hash_table_lookup(services->pairs, &wanted);

    if (pair == NULL) {
        if (g_hash_table_size(services->pairs) >= SKYPEFP_MAX_PAIRS) {
            services->dropped++;
            return NULL;
        }
        pair = g_new(struct service_pair, 1);
        *pair = wanted;
        g_hash_table_add(services->pairs, pair);
    }
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
    if (!has_ip_addresses(packet)) {
        return false;
    }
    struct service_pair *pair = find_pair(services, packet);
    if (pair == NULL || packet->wire_len == 0) {
        return false;
    }
    bool from_answerer = pair->answerer.port == packet->src.port && pair->answerer.len == packet->src.len &&
                         memcmp(pair->answerer.bytes, packet->src.bytes, packet->src.len) == 0;
    bool is_login = !from_answerer && pair->greeted_220 && starts_with(packet, "USER ");
    if (!from_answerer && !is_login) {
        return false;
    }
    struct answerer *answerer = touch_answerer(services, &pair->answerer, packet->frame);
    bool is_changed = is_login ? announce(answerer, SKYPEFP_SERVICE_FTP) : read_answer(answerer, pair, packet);

    *changed = describe_answerer(answerer);
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
