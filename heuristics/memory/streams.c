/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of TCP conversations: bounded, with every conversation on one set of addresses and ports in order. */
#include "streams.h"

#include "findings.h"

void skypefp_streams_init(struct stream_table *table, uint32_t max_watched, uint32_t max_kept, uint64_t seed)
{
    *table = (struct stream_table){
        .chains = skypefp_chains(),
        .pool = skypefp_pool(sizeof(struct stream)),
        .octets = skypefp_pool(FIRST_OCTETS),
        .kept_by_serial = g_hash_table_new(NULL, NULL),
        .hash_key = skypefp_hash_key(seed),
        .max_watched = MAX(max_watched, 1),
        .max_kept = MAX(max_kept, 1),
        .next_serial = 1,
    };
}

void skypefp_stream_unwatch(struct stream_table *table, struct stream *stream)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(stream->side); i++) {
        if (stream->side[i].first != NULL) {
            skypefp_pool_give(&table->octets, stream->side[i].first);
            stream->side[i].first = NULL;
        }
    }
    stream->is_watched = false;
}

/* Frees a stream that is in no queue any more, and not in the table. */
static void free_stream(struct stream_table *table, struct stream *stream)
{
    if (stream->is_kept) {
        skypefp_endpoint_unref(stream->finding.src);
        skypefp_endpoint_unref(stream->finding.dst);
        skypefp_finding_free_evidence(&stream->finding);
    }
    if (stream->finding.target != NULL) {
        g_free((char *)(uintptr_t)stream->finding.target);
    }
    skypefp_stream_unwatch(table, stream);
    if (stream->talk.has_clocks) {
        skypefp_talk_clear(&stream->talk);
    }
    skypefp_pool_give(&table->pool, stream);
}

/* Takes a stream out of its queue and the table, and frees it. */
static void drop_stream(struct stream_table *table, struct stream *stream)
{
    struct stream **place = find_place(&table->chains, &stream->tuple);

    queue_remove(stream->is_kept ? &table->kept : &table->watched, &stream->queue);
    if (stream->is_kept) {
        g_hash_table_remove(table->kept_by_serial, GUINT_TO_POINTER(stream->serial));
    }
    if (*place == stream) {
        remove_newest(&table->chains, place);
    } else {
        skypefp_chains_remove_earlier(*place, stream);
    }
    free_stream(table, stream);
}

/* Frees all streams of a queue, whatever is left in the table. */
static void free_all(struct stream_table *table, const GQueue *queue)
{
    for (GList *link = queue->head, *next; link != NULL; link = next) {
        struct stream *stream = link->data;
        next = link->next;
        if (stream->earlier != NULL) {
            g_ptr_array_free(stream->earlier, TRUE);
        }
        free_stream(table, stream);
    }
}

void skypefp_streams_clear(struct stream_table *table)
{
    free_all(table, &table->watched);
    free_all(table, &table->kept);
    skypefp_pool_clear(&table->pool);
    skypefp_pool_clear(&table->octets);
    skypefp_chains_clear(&table->chains);
    g_hash_table_destroy(table->kept_by_serial);
}

struct stream *skypefp_streams_find(const struct stream_table *table, const skypefp_packet *packet,
                                    enum stream_side *side)
{
    bool from_low;
    struct tuple_key wanted;

    skypefp_tuple_key(&table->hash_key, packet, &wanted, &from_low);
    struct stream *newest = *find_place(&table->chains, &wanted);
    struct stream *stream = newest != NULL ? stream_at(newest, packet->frame) : NULL;

    if (stream != NULL) {
        *side = stream_side_of(stream, from_low);
    }
    return stream;
}

static struct stream *begin_stream(struct stream_table *table, const struct tuple_key *tuple,
                                   const skypefp_packet *packet, bool from_low)
{
    struct stream *stream = skypefp_pool_take(&table->pool);

    skypefp_stream_begin(stream, packet, from_low);
    stream->tuple = *tuple;
    stream->serial = table->next_serial++;
    stream->is_watched = true;
    stream->queue.data = stream;
    append_watched(table, stream);
    return stream;
}

/* A new stream on a tuple, in the place of the newest one so far, which leaves unless it is kept. */
static void succeed(struct stream_table *table, struct stream **place, struct stream *stream)
{
    struct stream *before = *place;

    replace_newest(place, stream);
    if (!before->is_kept) {
        queue_remove(&table->watched, &before->queue);
        free_stream(table, before);
        return;
    }
    skypefp_stream_unwatch(table, before);
    before->is_succeeded = true;
    before->end_frame = before->end_frame != 0 ? before->end_frame : stream->finding.frame - 1;
    stream->earlier = stream->earlier != NULL ? stream->earlier : g_ptr_array_new();
    g_ptr_array_add(stream->earlier, before);
    if (n_earlier(stream) >= MAX_ON_TUPLE) {
        drop_stream(table, g_ptr_array_index(stream->earlier, 0));
        table->dropped_kept++;
    }
}

/* place: where the newest stream on the tuple is linked, or would be. */
static struct stream *add_stream(struct stream_table *table, struct stream **place, const struct tuple_key *tuple,
                                 const skypefp_packet *packet, bool from_low)
{
    struct stream *stream = begin_stream(table, tuple, packet, from_low);

    if (*place != NULL) {
        succeed(table, place, stream);
    } else {
        add_first(&table->chains, place, stream);
    }
    if (table->watched.length > table->max_watched) {
        drop_stream(table, table->watched.head->data);
        table->dropped++;
    }
    return stream;
}

struct stream *skypefp_streams_touch_apart(struct stream_table *table, const skypefp_packet *packet,
                                           enum stream_side *side)
{
    bool from_low;
    struct tuple_key wanted;

    skypefp_tuple_key(&table->hash_key, packet, &wanted, &from_low);
    struct stream **place = find_place(&table->chains, &wanted), *stream = *place;

    if (stream == NULL || stream->is_succeeded || stream_is_over(stream, packet, from_low)) {
        stream = add_stream(table, place, &wanted, packet, from_low);
    } else {
        renew(table, stream);
    }
    *side = stream_side_of(stream, from_low);
    if (packet->tcp_flags & SKYPEFP_SYN) {
        skypefp_stream_take_syn(stream, packet, *side);
    }
    return stream;
}

struct stream *skypefp_streams_by_serial(const struct stream_table *table, uint32_t serial)
{
    return g_hash_table_lookup(table->kept_by_serial, GUINT_TO_POINTER(serial));
}

void skypefp_streams_keep(struct stream_table *table, struct stream *stream, skypefp_endpoint *initiator,
                          skypefp_endpoint *responder)
{
    if (stream->is_kept) {
        return;
    }
    stream->finding.src = skypefp_endpoint_ref(initiator);
    stream->finding.dst = skypefp_endpoint_ref(responder);
    queue_remove(&table->watched, &stream->queue);
    queue_append(&table->kept, &stream->queue);
    g_hash_table_insert(table->kept_by_serial, GUINT_TO_POINTER(stream->serial), stream);
    stream->is_kept = true;
    if (table->kept.length > table->max_kept) {
        drop_stream(table, table->kept.head->data);
        table->dropped_kept++;
    }
}

static unsigned add_frame(uint32_t frames[SKYPEFP_MAX_ENDS], unsigned n, uint32_t frame)
{
    frames[n] = frame;
    return n + (frame != 0);
}

unsigned skypefp_conversation_ends(const skypefp_finding *finding, uint32_t frames[SKYPEFP_MAX_ENDS])
{
    if (finding->transport != SKYPEFP_TCP) {
        return 0;
    }
    const struct stream *stream = stream_of(finding);
    unsigned n = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(stream->side); i++) {
        n = add_frame(frames, n, stream->side[i].syn_frame);
        n = add_frame(frames, n, stream->side[i].close_frame);
    }
    return n;
}
