/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The findings of a capture: a bounded store by frame, oldest first. */
#include "findings.h"

enum { DIGEST_OCTETS = 16, FIRST_ROOM = 64 };

/* Distinguishes the messages of one frame; two that differ in nothing here are interchangeable. */
static uint32_t digest_packet(const skypefp_packet *packet)
{
    uint32_t digest = packet->wire_len * 31 + packet->src.port + ((uint32_t)packet->dst.port << 16);

    for (uint32_t i = 0; i < MIN(packet->len, DIGEST_OCTETS); i++) {
        digest = digest * 0x01000193u + packet->data[i];
    }
    return digest;
}

void skypefp_findings_init(struct finding_store *store, uint32_t limit)
{
    *store = (struct finding_store){
        .pool = skypefp_pool(sizeof(skypefp_finding)),
        .limit = MAX(limit, 1),
    };
}

void skypefp_finding_free_evidence(skypefp_finding *finding)
{
    while (finding->evidence != NULL) {
        skypefp_evidence *next = finding->evidence->next;
        g_free(finding->evidence);
        finding->evidence = next;
    }
}

static void free_finding(struct finding_store *store, skypefp_finding *finding)
{
    skypefp_finding_free_evidence(finding);
    skypefp_endpoint_unref(finding->src);
    skypefp_endpoint_unref(finding->dst);
    skypefp_pair_unref(pair_of(finding->contact));
    skypefp_pool_give(&store->pool, finding);
}

/* The oldest finding of all is the first one of its frame. */
static void drop_oldest(struct finding_store *store)
{
    skypefp_finding *oldest = store->oldest;

    if (oldest->next_in_frame != NULL) {
        store->by_frame[store->first_frame] = oldest->next_in_frame;
    } else {
        store->first_frame++;
        store->n_frames--;
    }
    store->oldest = oldest->newer;
    if (store->oldest == NULL) {
        store->newest = NULL;
    }
    store->n--;
    free_finding(store, oldest);
}

void skypefp_findings_clear(struct finding_store *store)
{
    while (store->oldest != NULL) {
        drop_oldest(store);
    }
    g_free(store->by_frame);
    skypefp_pool_clear(&store->pool);
}

/* Makes room for one more frame: where the oldest ones were, when they are at least half of all, or twice as much. */
static void make_room(struct finding_store *store)
{
    if (store->first_frame + store->n_frames < store->room) {
        return;
    }
    if (store->first_frame > store->n_frames) {
        memmove(store->by_frame, store->by_frame + store->first_frame, store->n_frames * sizeof store->by_frame[0]);
        store->first_frame = 0;
        return;
    }
    store->room = MAX(2 * store->room, FIRST_ROOM);
    store->by_frame = g_renew(skypefp_finding *, store->by_frame, store->room);
}

/* Appends to the frame's own chain; nearly always the frame is new. Frames never fall: the newest one is the last. */
static void link_to_frame(struct finding_store *store, skypefp_finding *finding)
{
    if (store->newest != NULL && store->newest->frame == finding->frame) {
        store->newest->next_in_frame = finding;
        return;
    }
    make_room(store);
    store->by_frame[store->first_frame + store->n_frames++] = finding;
}

/* The first finding of a frame, by bisection; NULL: none. */
static skypefp_finding *find_frame(const struct finding_store *store, uint32_t frame)
{
    if (store->n_frames == 0) {
        return NULL;
    }
    skypefp_finding *const *first = store->by_frame + store->first_frame;
    uint32_t low = 0, high = store->n_frames;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (first[middle]->frame < frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < store->n_frames && first[low]->frame == frame ? first[low] : NULL;
}

skypefp_finding *skypefp_findings_add(struct finding_store *store, const skypefp_packet *packet, skypefp_endpoint *src,
                                      skypefp_endpoint *dst, struct pair *pair)
{
    skypefp_finding *finding = skypefp_pool_take(&store->pool);

    finding->src = skypefp_endpoint_ref(src);
    finding->dst = skypefp_endpoint_ref(dst);
    finding->contact = &skypefp_pair_ref(pair)->contact;
    finding->frame = packet->frame;
    finding->last_frame = packet->frame;
    finding->n_packets = 1;
    finding->n_octets[0] = packet->wire_len;
    finding->digest = digest_packet(packet);
    finding->time_us = finding->last_us = packet->time_us;
    link_to_frame(store, finding);
    store->n++;
    if (store->newest == NULL) {
        store->oldest = finding;
    } else {
        store->newest->newer = finding;
        if (store->n > store->limit) {
            drop_oldest(store);
            store->dropped++;
        }
    }
    store->newest = finding;
    return finding;
}

static bool is_from_to(const skypefp_finding *finding, const skypefp_packet *packet)
{
    const struct endpoint_key *src = &finding->src->key, *dst = &finding->dst->key;

    return src->len == packet->src.len && src->port == packet->src.port && dst->len == packet->dst.len &&
           dst->port == packet->dst.port && src->scope == packet->src.scope && dst->scope == packet->dst.scope &&
           memcmp(src->bytes, packet->src.bytes, packet->src.len) == 0 &&
           memcmp(dst->bytes, packet->dst.bytes, packet->dst.len) == 0;
}

skypefp_finding *skypefp_findings_of(const struct finding_store *store, const skypefp_packet *packet)
{
    skypefp_finding *finding = find_frame(store, packet->frame);

    if (finding == NULL) {
        return NULL;
    }
    uint32_t digest = digest_packet(packet);
    while (finding != NULL && (finding->digest != digest || !is_from_to(finding, packet))) {
        finding = finding->next_in_frame;
    }
    return finding;
}

skypefp_finding *skypefp_findings_named(const struct finding_store *store, struct finding_name name)
{
    skypefp_finding *finding = find_frame(store, name.frame);

    while (finding != NULL && finding->digest != name.digest) {
        finding = finding->next_in_frame;
    }
    return finding;
}

struct finding_name skypefp_finding_name(const skypefp_finding *finding)
{
    return (struct finding_name){ finding->frame, finding->digest };
}

void skypefp_finding_append(skypefp_finding *finding, const skypefp_evidence *evidence)
{
    skypefp_evidence **end = &finding->evidence;

    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = g_new(skypefp_evidence, 1);
    **end = *evidence;
    (*end)->next = NULL;
}
