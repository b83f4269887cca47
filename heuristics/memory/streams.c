/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of TCP conversations: bounded, with every conversation on one set of addresses and ports in order. */
#include "streams.h"

#include "findings.h"
#include "times.h"
#include "tuple_key.h"

/* The conversations on one set of addresses and ports; one may follow another. */
struct tuple {
    struct tuple_key key;
    struct stream *last; /* NULL: it was dropped */
    GPtrArray *earlier;  /* struct stream, kept ones, by first frame; NULL until a second one begins */
};

void skypefp_streams_init(struct stream_table *table, uint32_t max_watched, uint32_t max_kept, uint64_t seed)
{
    *table = (struct stream_table){
        .by_tuple = g_hash_table_new(skypefp_tuple_key_hash, skypefp_tuple_key_equal),
        .kept_by_serial = g_hash_table_new(NULL, NULL),
        .hash_key = skypefp_hash_key(seed),
        .max_watched = MAX(max_watched, 1),
        .max_kept = MAX(max_kept, 1),
        .next_serial = 1,
    };
}

void skypefp_stream_unwatch(struct stream *stream)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(stream->side); i++) {
        g_free(stream->side[i].first);
        stream->side[i].first = NULL;
    }
    stream->is_watched = false;
}

static unsigned n_earlier(const struct tuple *tuple)
{
    return tuple->earlier != NULL ? tuple->earlier->len : 0;
}

/* Takes a stream out of its queue and its tuple, and frees it; the tuple goes with its last stream. */
static void drop_stream(struct stream_table *table, struct stream *stream)
{
    struct tuple *tuple = stream->tuple;

    g_queue_unlink(stream->is_kept ? &table->kept : &table->watched, &stream->queue);
    if (stream->is_kept) {
        g_hash_table_remove(table->kept_by_serial, GUINT_TO_POINTER(stream->serial));
        skypefp_endpoint_unref(stream->finding.src);
        skypefp_endpoint_unref(stream->finding.dst);
    }
    if (tuple->last == stream) {
        tuple->last = NULL;
    } else if (tuple->earlier != NULL) {
        g_ptr_array_remove(tuple->earlier, stream);
    }
    if (tuple->last == NULL && n_earlier(tuple) == 0) {
        g_hash_table_remove(table->by_tuple, &tuple->key);
        if (tuple->earlier != NULL) {
            g_ptr_array_free(tuple->earlier, TRUE);
        }
        g_free(tuple);
    }
    skypefp_stream_unwatch(stream);
    skypefp_talk_clear(&stream->talk);
    g_free((char *)(uintptr_t)stream->finding.target);
    skypefp_finding_free_evidence(&stream->finding);
    g_free(stream);
}

void skypefp_streams_clear(struct stream_table *table)
{
    while (!g_queue_is_empty(&table->watched)) {
        drop_stream(table, g_queue_peek_head(&table->watched));
    }
    while (!g_queue_is_empty(&table->kept)) {
        drop_stream(table, g_queue_peek_head(&table->kept));
    }
    g_hash_table_destroy(table->by_tuple);
    g_hash_table_destroy(table->kept_by_serial);
}

static bool goes_on_at(const struct stream *stream, uint32_t frame)
{
    return stream->end_frame == 0 || frame <= stream->end_frame;
}

/* The stream of a tuple that a frame belongs to, by bisection; NULL: none, or one that was dropped. */
static struct stream *stream_at(const struct tuple *tuple, uint32_t frame)
{
    unsigned low = 0, high = n_earlier(tuple);

    if (tuple->last != NULL && tuple->last->finding.frame <= frame) {
        return goes_on_at(tuple->last, frame) ? tuple->last : NULL;
    }

    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct stream *stream = g_ptr_array_index(tuple->earlier, middle);
        if (stream->finding.frame <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    struct stream *stream = low > 0 ? g_ptr_array_index(tuple->earlier, low - 1) : NULL;

    return stream != NULL && goes_on_at(stream, frame) ? stream : NULL;
}

static enum stream_side side_of(const struct stream *stream, bool from_low)
{
    return from_low == stream->initiator_is_low ? INITIATOR : RESPONDER;
}

struct stream *skypefp_streams_find(const struct stream_table *table, const skypefp_packet *packet,
                                    enum stream_side *side)
{
    bool from_low;
    struct tuple_key wanted;

    skypefp_tuple_key(&table->hash_key, packet, &wanted, &from_low);
    const struct tuple *tuple = g_hash_table_lookup(table->by_tuple, &wanted);
    struct stream *stream = tuple != NULL ? stream_at(tuple, packet->frame) : NULL;

    if (stream != NULL) {
        *side = side_of(stream, from_low);
    }
    return stream;
}

/* Whether the ports show that an endpoint responds to another, though no SYN was captured: a system port against
 * another one (RFC 6335, section 6), or one that is not dynamic against a dynamic one. */
static bool looks_like_responder(const skypefp_address *endpoint, const skypefp_address *other)
{
    enum { FIRST_USER_PORT = 1024, FIRST_DYNAMIC_PORT = 49152 };
    bool is_system = endpoint->port < FIRST_USER_PORT && other->port >= FIRST_USER_PORT;

    return is_system || (endpoint->port >= FIRST_USER_PORT && endpoint->port < FIRST_DYNAMIC_PORT &&
                         other->port >= FIRST_DYNAMIC_PORT);
}

static struct stream *begin_stream(struct stream_table *table, struct tuple *tuple, const skypefp_packet *packet,
                                   bool from_low)
{
    struct stream *stream = g_new0(struct stream, 1);
    bool is_answer = (packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == (SKYPEFP_SYN | SKYPEFP_ACK);
    enum stream_side sender = is_answer ? RESPONDER : INITIATOR;

    if (!is_answer && !(packet->tcp_flags & SKYPEFP_SYN) && looks_like_responder(&packet->src, &packet->dst)) {
        sender = RESPONDER;
    }
    stream->knows_sides = packet->tcp_flags & SKYPEFP_SYN || looks_like_responder(&packet->src, &packet->dst) ||
                          looks_like_responder(&packet->dst, &packet->src);
    stream->tuple = tuple;
    stream->key[sender] = skypefp_key(&table->hash_key, &packet->src);
    stream->key[!sender] = skypefp_key(&table->hash_key, &packet->dst);
    stream->initiator_is_low = from_low == (sender == INITIATOR);
    stream->finding.transport = SKYPEFP_TCP;
    stream->finding.frame = packet->frame;
    stream->finding.time_us = stream->finding.last_us = packet->time_us;
    stream->serial = table->next_serial++;
    stream->is_watched = true;
    stream->queue.data = stream;
    tuple->last = stream;
    g_queue_push_tail_link(&table->watched, &stream->queue);
    return stream;
}

static bool is_syn(const skypefp_packet *packet)
{
    return (packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == SKYPEFP_SYN;
}

/* Whether a SYN that comes after data of its sender precedes that data. */
static bool is_delayed(const struct stream *stream, const skypefp_packet *packet, bool from_low)
{
    const struct direction *own = &stream->side[side_of(stream, from_low)];

    return own->has_base && own->base - (packet->tcp_seq + 1) < FIRST_OCTETS;
}

/* Whether both sides have said that the connection is over. */
static bool has_ended(const struct stream *stream)
{
    const struct direction *initiator = &stream->side[INITIATOR], *responder = &stream->side[RESPONDER];

    return (initiator->is_closed && responder->is_closed) || initiator->is_reset || responder->is_reset;
}

/* Whether data without a SYN is another connection's, whose beginning was missed: its numbers are far from those of
 * its side, and the stream has ended or was silent for long. */
static bool is_elsewhere(const struct stream *stream, const skypefp_packet *packet, enum stream_side side)
{
    enum { NEAR = 1 << 24 }; /* sixteen megabytes: more than a capture that lost packets skips in silence */
    const int64_t silence_us = (int64_t)600 * 1000000;
    uint32_t ahead = packet->tcp_seq - stream->talk.next_seq[side];

    if (packet->wire_len == 0 || !stream->talk.has_seq[side] || ahead < NEAR || 0u - ahead < NEAR) {
        return false;
    }
    return has_ended(stream) || elapsed_us(stream->finding.last_us, packet->time_us) > silence_us;
}

/* Whether a packet begins another connection than the stream: a SYN with a number of its own, or after the end. */
static bool is_new_connection(const struct stream *stream, const skypefp_packet *packet, bool from_low)
{
    if (!is_syn(packet)) {
        return is_elsewhere(stream, packet, side_of(stream, from_low));
    }
    bool had_data = stream->side[INITIATOR].first_frame != 0 || stream->side[RESPONDER].first_frame != 0;

    return stream->has_syn ? stream->initiator_isn != packet->tcp_seq || (had_data && has_ended(stream))
                           : had_data && !is_delayed(stream, packet, from_low);
}

static struct tuple *add_tuple(struct stream_table *table, const struct tuple_key *key)
{
    struct tuple *tuple = g_new0(struct tuple, 1);

    tuple->key = *key;
    g_hash_table_insert(table->by_tuple, &tuple->key, tuple);
    return tuple;
}

/* A new stream on a tuple. The one before it leaves unless it is kept. */
static struct stream *add_stream(struct stream_table *table, struct tuple *tuple, const skypefp_packet *packet,
                                 bool from_low)
{
    struct stream *before = tuple->last;
    struct stream *stream = begin_stream(table, tuple, packet, from_low);

    if (before != NULL && before->is_kept) {
        skypefp_stream_unwatch(before);
        before->end_frame = before->end_frame != 0 ? before->end_frame : packet->frame - 1;
        tuple->earlier = tuple->earlier != NULL ? tuple->earlier : g_ptr_array_new();
        g_ptr_array_add(tuple->earlier, before);
    } else if (before != NULL) {
        drop_stream(table, before);
    }
    if (n_earlier(tuple) >= MAX_ON_TUPLE) {
        drop_stream(table, g_ptr_array_index(tuple->earlier, 0));
        table->dropped_kept++;
    }
    if (g_queue_get_length(&table->watched) > table->max_watched) {
        drop_stream(table, g_queue_peek_head(&table->watched));
        table->dropped++;
    }
    return stream;
}

struct stream *skypefp_streams_touch(struct stream_table *table, const skypefp_packet *packet, enum stream_side *side)
{
    bool from_low;
    struct tuple_key wanted;

    skypefp_tuple_key(&table->hash_key, packet, &wanted, &from_low);
    struct tuple *tuple = g_hash_table_lookup(table->by_tuple, &wanted);

    if (tuple == NULL) {
        tuple = add_tuple(table, &wanted);
    }
    struct stream *stream = tuple->last;
    if (stream == NULL || stream->end_frame != 0 || is_new_connection(stream, packet, from_low)) {
        stream = add_stream(table, tuple, packet, from_low);
    } else if (!stream->is_kept) {
        g_queue_unlink(&table->watched, &stream->queue);
        g_queue_push_tail_link(&table->watched, &stream->queue);
    }
    if (is_syn(packet)) {
        stream->initiator_isn = packet->tcp_seq;
        stream->has_syn = true;
    }
    if ((packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == (SKYPEFP_SYN | SKYPEFP_ACK) &&
        !stream->side[INITIATOR].has_base) {
        stream->side[INITIATOR].base = packet->tcp_ack; /* the SYN was missed; this is its number */
        stream->side[INITIATOR].has_base = true;
    }
    *side = side_of(stream, from_low);
    if (packet->tcp_flags & SKYPEFP_SYN) { /* it may come after data: then it shows what was guessed */
        stream->knows_sides = stream->knows_sides || is_syn(packet) == (*side == INITIATOR);
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
    g_queue_unlink(&table->watched, &stream->queue);
    g_queue_push_tail_link(&table->kept, &stream->queue);
    g_hash_table_insert(table->kept_by_serial, GUINT_TO_POINTER(stream->serial), stream);
    stream->is_kept = true;
    if (g_queue_get_length(&table->kept) > table->max_kept) {
        drop_stream(table, g_queue_peek_head(&table->kept));
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
