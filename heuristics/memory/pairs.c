/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pairs of endpoints that exchange datagrams: a bounded table, and what keeps a pair open. */
#include "pairs.h"

#include "message.h"
#include "times.h"

enum { OPEN_MINUTES = 10, CALL_SHARE = 90, MAX_OTHERS_IN_A_ROW = 10 };
#define BURST_GAP_US ((int64_t)3 * 1000000)

/* ---- the table ---- */

void skypefp_pairs_init(struct pair_table *table, uint32_t limit, uint64_t seed)
{
    *table = (struct pair_table){
        .by_key = g_hash_table_new(skypefp_tuple_key_hash, skypefp_tuple_key_equal),
        .n_ends = g_new0(uint8_t, PAIR_ENDS),
        .end_key = skypefp_hash_key(0),
        .hash_key = skypefp_hash_key(seed),
        .limit = MAX(limit, 1),
    };
}

struct pair *skypefp_pair_ref(struct pair *pair)
{
    pair->refs++;
    return pair;
}

static void free_array(GArray *array)
{
    if (array != NULL) {
        g_array_free(array, TRUE);
    }
}

static void free_spans(GArray *spans)
{
    for (unsigned i = 0; spans != NULL && i < spans->len; i++) {
        skypefp_endpoint_unref(g_array_index(spans, struct span, i).by);
    }
    free_array(spans);
}

void skypefp_pair_unref(struct pair *pair)
{
    if (--pair->refs > 0) {
        return;
    }
    free_spans(pair->spans[0]);
    free_spans(pair->spans[1]);
    free_array(pair->runs);
    free_array(pair->bursts);
    g_free(pair->keepalives);
    g_free(pair->data);
    g_free(pair);
}

static void drop_oldest(struct pair_table *table, GQueue *queue)
{
    struct pair *oldest = g_queue_peek_head(queue);

    g_queue_unlink(queue, &oldest->lru);
    g_hash_table_remove(table->by_key, &oldest->key);
    for (unsigned side = 0; side < 2; side++) {
        uint8_t *n = &table->n_ends[oldest->end_hash[side] % PAIR_ENDS];
        *n = (uint8_t)(*n - (*n < UINT8_MAX));
    }
    skypefp_pair_unref(oldest);
}

void skypefp_pairs_clear(struct pair_table *table)
{
    while (!g_queue_is_empty(&table->lru)) {
        drop_oldest(table, &table->lru);
    }
    while (!g_queue_is_empty(&table->candidates)) {
        drop_oldest(table, &table->candidates);
    }
    g_hash_table_destroy(table->by_key);
    g_free(table->n_ends);
}

struct pair *skypefp_pairs_find(const struct pair_table *table, const skypefp_packet *packet, unsigned *side)
{
    struct tuple_key key;
    bool from_low;

    skypefp_tuple_key(&table->hash_key, packet, &key, &from_low);
    struct pair *pair = g_hash_table_lookup(table->by_key, &key);

    if (pair != NULL) {
        *side = from_low == pair->a_is_low ? 0 : 1;
    }
    return pair;
}

static struct pair *add_pair(struct pair_table *table, const skypefp_packet *packet)
{
    struct pair *pair = g_new0(struct pair, 1);

    skypefp_tuple_key(&table->hash_key, packet, &pair->key, &pair->a_is_low);
    pair->end[0] = skypefp_key(&table->hash_key, &packet->src);
    pair->end[1] = skypefp_key(&table->hash_key, &packet->dst);
    pair->contact.a = key_address(&pair->end[0]);
    pair->contact.b = key_address(&pair->end[1]);
    pair->refs = 1;
    pair->is_candidate = true;
    pair->lru.data = pair;
    pair->frame = packet->frame;
    pair->end_hash[0] = hash_plain_address(&table->end_key, &packet->src);
    pair->end_hash[1] = hash_plain_address(&table->end_key, &packet->dst);
    for (unsigned side = 0; side < 2; side++) {
        uint8_t *n = &table->n_ends[pair->end_hash[side] % PAIR_ENDS];
        *n = (uint8_t)(*n + (*n < UINT8_MAX));
    }
    g_hash_table_insert(table->by_key, &pair->key, pair);
    g_queue_push_tail_link(&table->candidates, &pair->lru);
    return pair;
}

static void make_room(struct pair_table *table, GQueue *queue, uint32_t limit)
{
    if (g_queue_get_length(queue) > limit) {
        drop_oldest(table, queue);
        table->dropped++;
    }
}

/* Makes a pair the most recently used one of its queue. */
static void use(struct pair_table *table, struct pair *pair, bool is_candidate)
{
    g_queue_unlink(pair->is_candidate ? &table->candidates : &table->lru, &pair->lru);
    pair->is_candidate = is_candidate;
    g_queue_push_tail_link(pair->is_candidate ? &table->candidates : &table->lru, &pair->lru);
    make_room(table, &table->candidates, MAX_CANDIDATES);
    make_room(table, &table->lru, table->limit);
}

void skypefp_pairs_promote(struct pair_table *table, struct pair *pair)
{
    if (pair->is_candidate) {
        use(table, pair, false);
    }
}

struct pair *skypefp_pairs_touch(struct pair_table *table, const skypefp_packet *packet, bool is_candidate,
                                 unsigned *side)
{
    struct pair *pair = skypefp_pairs_find(table, packet, side);

    if (pair == NULL) {
        pair = add_pair(table, packet);
        *side = 0;
    }
    use(table, pair, pair->is_candidate && is_candidate);
    return pair;
}

/* ---- counting ---- */

void skypefp_pair_count(struct pair *pair, const skypefp_packet *packet, unsigned side)
{
    skypefp_contact *contact = &pair->contact;

    if (contact->first_frame == 0) {
        contact->first_frame = packet->frame;
        contact->first_us = contact->last_us = packet->time_us;
    }
    contact->last_frame = packet->frame;
    contact->first_us = MIN(contact->first_us, packet->time_us);
    contact->last_us = MAX(contact->last_us, packet->time_us);
    contact->n_datagrams[side]++;
    contact->n_octets[side] += packet->wire_len;
}

/* The index of the last of n stretches that begin at or before a time, by bisection; n: none. size: of one; it
 * starts with its begin at an offset. */
static unsigned last_before(const GArray *stretches, size_t size, size_t at, int64_t time_us)
{
    unsigned low = 0, high = stretches != NULL ? stretches->len : 0, n = high;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        int64_t begin_us;
        memcpy(&begin_us, stretches->data + size * middle + at, sizeof begin_us);
        if (begin_us <= time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : n;
}

static bool is_call(const struct data_run *run)
{
    return 100 * (uint64_t)run->n_data >= CALL_SHARE * ((uint64_t)run->n_data + run->n_other);
}

/* Whether a message at a time, not before the run's begin, continues it. A run that looks like a call ends when
 * others take over; one with few data messages lasts a minute at most, so that it does not carry a pair's openness
 * far. */
static bool continues(const struct data_run *run, int64_t time_us)
{
    bool may_last =
        is_call(run) ? run->n_other_since < MAX_OTHERS_IN_A_ROW : elapsed_us(run->begin_us, time_us) < MINUTE_US;

    return time_us <= run->end_us || (elapsed_us(run->end_us, time_us) < MINUTE_US && may_last);
}

static struct data_run *find_run(const struct pair *pair, int64_t time_us)
{
    unsigned i = last_before(pair->runs, sizeof(struct data_run), offsetof(struct data_run, begin_us), time_us);

    return pair->runs != NULL && i < pair->runs->len ? &g_array_index(pair->runs, struct data_run, i) : NULL;
}

static void add_to_runs(struct pair *pair, int64_t time_us, uint32_t frame)
{
    if (pair->runs == NULL) {
        pair->runs = g_array_new(FALSE, FALSE, sizeof(struct data_run));
    }
    struct data_run *run = find_run(pair, time_us);
    if (run != NULL && continues(run, time_us)) {
        run->end_us = MAX(run->end_us, time_us);
        run->last_frame = frame;
        run->n_data++;
        run->n_other_since = 0;
        return;
    }
    if (pair->runs->len == MAX_STRETCHES) {
        g_array_remove_index(pair->runs, 0);
    }
    struct data_run fresh = {
        .begin_us = time_us, .end_us = time_us, .first_frame = frame, .last_frame = frame, .n_data = 1
    };
    unsigned i = last_before(pair->runs, sizeof fresh, offsetof(struct data_run, begin_us), time_us);
    unsigned place = i < pair->runs->len ? i + 1 : 0;
    g_array_insert_val(pair->runs, place, fresh);
}

struct keepalives *skypefp_pair_keepalives(struct pair *pair, unsigned side)
{
    if (pair->keepalives == NULL) {
        pair->keepalives = g_new0(struct keepalives, 2);
    }
    return &pair->keepalives[side];
}

void skypefp_pair_note_finding(struct pair *pair, int64_t time_us)
{
    struct data_run *run = find_run(pair, time_us);

    if (run != NULL) {
        run->n_findings++;
    }
}

void skypefp_pair_add_other(struct pair *pair, int64_t time_us)
{
    struct data_run *run = find_run(pair, time_us);

    if (run != NULL && elapsed_us(run->end_us, time_us) < MINUTE_US) {
        run->n_other++;
        run->n_other_since++;
    }
}

static bool is_video_len(uint32_t len)
{
    return (len >= 400 && len <= 490) || (len >= 800 && len <= 980);
}

/* A burst that ends with fewer than the least number of messages gives its place to the next. */
static void add_to_bursts(struct pair *pair, const skypefp_packet *packet, unsigned side)
{
    if (pair->bursts == NULL) {
        pair->bursts = g_array_new(FALSE, TRUE, sizeof(skypefp_burst));
    }
    skypefp_burst *last =
        pair->bursts->len > 0 ? &g_array_index(pair->bursts, skypefp_burst, pair->bursts->len - 1) : NULL;
    int64_t gap_us = last != NULL ? elapsed_us(last->end_us, packet->time_us) : INT64_MAX;
    bool is_new = gap_us >= BURST_GAP_US || gap_us <= -BURST_GAP_US;

    if (is_new && (last == NULL || last->n[0] + last->n[1] >= SKYPEFP_MIN_BURST)) {
        if (pair->bursts->len == MAX_STRETCHES) {
            g_array_remove_index(pair->bursts, 0);
        }
        g_array_set_size(pair->bursts, pair->bursts->len + 1);
        last = &g_array_index(pair->bursts, skypefp_burst, pair->bursts->len - 1);
    }
    if (is_new) {
        *last = (skypefp_burst){ .begin_us = packet->time_us, .end_us = packet->time_us, .first_frame = packet->frame };
    }
    last->begin_us = MIN(last->begin_us, packet->time_us);
    last->end_us = MAX(last->end_us, packet->time_us);
    last->last_frame = packet->frame;
    last->n[side]++;
    last->octets[side] += packet->wire_len;
    last->n_video[side] += is_video_len(packet->wire_len);
    pair->contact.bursts = (const skypefp_burst *)(const void *)pair->bursts->data;
    pair->contact.n_bursts = pair->bursts->len - (last->n[0] + last->n[1] < SKYPEFP_MIN_BURST);
}

void skypefp_pair_add_data(struct pair *pair, const skypefp_packet *packet, unsigned side, bool counts_others)
{
    add_to_runs(pair, packet->time_us, packet->frame);
    if (!counts_others) {
        skypefp_pair_add_other(pair, packet->time_us);
    }
    if (pair->data == NULL) {
        pair->data = g_new0(skypefp_finding, 1);
        pair->data->transport = SKYPEFP_UDP;
        pair->data->function = SKYPEFP_FN_DATA;
        pair->data->contact = &pair->contact;
        pair->data->frame = packet->frame;
        pair->data->time_us = packet->time_us;
    }
    pair->data->last_frame = packet->frame;
    pair->data->n_packets++;
    if (packet->wire_len == SKYPEFP_KEEPALIVE_LEN) {
        pair->contact.n_keepalives[side]++;
    } else {
        pair->contact.n_data[side]++;
        add_to_bursts(pair, packet, side);
    }
}

/* ---- open spans ---- */

void skypefp_pair_open(struct pair *pair, unsigned side, skypefp_endpoint *by, int64_t time_us)
{
    struct span fresh = {
        .by = by,
        .from_us = shifted_us(time_us, -OPEN_MINUTES * MINUTE_US),
        .to_us = shifted_us(time_us, OPEN_MINUTES * MINUTE_US),
    };

    if (pair->spans[side] == NULL) {
        pair->spans[side] = g_array_new(FALSE, FALSE, sizeof(struct span));
    }
    GArray *spans = pair->spans[side];
    unsigned i = last_before(spans, sizeof fresh, offsetof(struct span, from_us), fresh.from_us);
    struct span *before = i < spans->len ? &g_array_index(spans, struct span, i) : NULL;

    if (before != NULL && before->by == by && fresh.from_us <= before->to_us) {
        before->to_us = MAX(before->to_us, fresh.to_us);
        return;
    }
    unsigned place = before != NULL ? i + 1 : 0;
    if (spans->len == MAX_STRETCHES) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a full array has elements. */
        skypefp_endpoint_unref(g_array_index(spans, struct span, 0).by);
        g_array_remove_index(spans, 0);
        place -= place > 0;
    }
    skypefp_endpoint_ref(by);
    g_array_insert_val(spans, place, fresh);
}

static void take_span(const struct span *span, struct opening *opening)
{
    enum skypefp_verdict verdict = skypefp_own_verdict(span->by);

    if (verdict >= SKYPEFP_LIKELY && verdict > opening->verdict) {
        *opening = (struct opening){ span->by, verdict };
    }
}

/* Takes the spans of one end that overlap [from, to]; whole: that hold all of it. One tenancy's follow one another,
 * so those before the last few end too early, unless the capture's clock ran backwards. */
static void search_spans(const GArray *spans, int64_t from_us, int64_t to_us, bool whole, struct opening *opening)
{
    enum { MAX_BACK = 4 };
    unsigned i = last_before(spans, sizeof(struct span), offsetof(struct span, from_us), whole ? from_us : to_us);

    for (unsigned n = 0; spans != NULL && i < spans->len && n < MAX_BACK; i--, n++) {
        const struct span *span = &g_array_index(spans, struct span, i);
        if (span->to_us >= (whole ? to_us : from_us)) {
            take_span(span, opening);
        }
    }
}

static struct opening find_opening(const struct pair *pair, int64_t from_us, int64_t to_us, bool whole)
{
    struct opening opening = { 0 };

    search_spans(pair->spans[0], from_us, to_us, whole, &opening);
    search_spans(pair->spans[1], from_us, to_us, whole, &opening);
    return opening;
}

struct opening skypefp_pair_run_opening(const struct pair *pair, const struct data_run *run)
{
    return find_opening(pair, run->begin_us, run->end_us, !is_call(run));
}

struct opening skypefp_pair_data_opening(const struct pair *pair, int64_t time_us)
{
    const struct data_run *run = find_run(pair, time_us);

    return run != NULL && time_us <= run->end_us ? skypefp_pair_run_opening(pair, run) : (struct opening){ 0 };
}

struct opening skypefp_pair_opening(const struct pair *pair, int64_t time_us)
{
    struct opening opening = find_opening(pair, time_us, time_us, true);
    const struct data_run *run = opening.by == NULL ? find_run(pair, time_us) : NULL;

    if (run != NULL && time_us <= run->end_us) {
        opening = skypefp_pair_run_opening(pair, run);
    }
    return opening;
}

/* ---- what a report says ---- */

enum skypefp_verdict skypefp_contact_verdict(const skypefp_contact *contact)
{
    const struct pair *pair = pair_of(contact);
    struct opening opening = { 0 };

    for (unsigned side = 0; side < 2; side++) {
        for (unsigned i = 0; pair->spans[side] != NULL && i < pair->spans[side]->len; i++) {
            take_span(&g_array_index(pair->spans[side], struct span, i), &opening);
        }
    }
    return opening.verdict;
}

const char *skypefp_burst_consistent_with(const skypefp_burst *burst, const char **source)
{
    uint32_t n = burst->n[0] + burst->n[1], n_video = burst->n_video[0] + burst->n_video[1];
    uint64_t less = MIN(burst->octets[0], burst->octets[1]), more = MAX(burst->octets[0], burst->octets[1]);
    enum { CALL_MIN = 95, VIDEO_SHARE = 10 };

    *source = "Adami et al. 2009, section 3.1";
    if (n <= CALL_MIN) {
        return "messages";
    }
    if (less == 0) {
        return "relayed call";
    }
    if (2 * less <= more) {
        return "file transfer";
    }
    if (n_video * 100 > n * VIDEO_SHARE) {
        *source = "Adami et al. 2009, section 3.1; Tstat";
        return "call with video";
    }
    return "call";
}
