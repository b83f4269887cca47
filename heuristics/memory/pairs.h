/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pairs of endpoints that exchange datagrams of Skype's shapes: their checked messages, their data, what a
 * report says of them.
 *
 * A pair is known by its addresses and ports, regardless of their owner; each of its open spans names the tenancy
 * whose checked messages opened it. Data messages are counted in runs and bursts, never stored one by one.
 * Invariants: at most the limit are kept, the least recently used leaves first, and among pairs that show nothing
 * but 3-octet messages at most MAX_CANDIDATES; a finding keeps its pair alive beyond that. Spans, runs and bursts
 * are in the order of their begin, at most MAX_STRETCHES of each. When all pairs together have MAX_ALL_STRETCHES, a
 * pair gets no more than FEW_STRETCHES of each, so that many pairs cannot take them from the others. The oldest
 * leave. */
#ifndef SKYPEFP_PAIRS_H
#define SKYPEFP_PAIRS_H

#include "contact.h"
#include "endpoint.h"
#include "tuple_key.h"

enum { MAX_CANDIDATES = 4096, MAX_STRETCHES = 1024, MAX_ALL_STRETCHES = 400000, FEW_STRETCHES = 8 };

/* A time in which checked messages of one tenancy keep the pair open: 10 minutes around each. */
struct span {
    skypefp_endpoint *by; /* ref'd */
    int64_t from_us, to_us;
};

/* Data messages, keep-alives included, with gaps under a minute and a few other datagrams between them at the most. */
struct data_run {
    int64_t begin_us, end_us;
    uint32_t n_data; /* messages of fn D, both directions */
    uint32_t first_frame, last_frame;
    uint32_t n_findings;    /* of them, those with a finding of their own */
    uint32_t n_other;       /* other datagrams of the pair in that time */
    uint32_t n_other_since; /* of them, those since the last data message */
    uint16_t id[2];         /* of each side's first data message */
    uint8_t n_ids[2];       /* of each side's data messages, at most 255 */
    uint8_t bits;           /* bits 4-6 of octet 2 of the first one */
    bool id_varies[2];      /* a later one had another id; other bits */
    bool bits_vary;
};

enum { MAX_KEEPALIVES = 4 }; /* remembered of a direction */

/* A message of exactly 3 octets: id(2) xD. */
struct keepalive {
    int64_t time_us;
    uint32_t frame; /* 0: none */
    uint8_t octets[3];
};

/* Successive keep-alives in a rhythm, and how they vary from each to the next one, a step. */
struct keepalive_chain {
    struct keepalive last;
    struct keepalive stray; /* off the rhythm since the last one */
    uint32_t n;
    uint32_t n_changed;   /* steps in which bits 4-6 of octet 2 change */
    uint32_t n_wide[2];   /* steps in which this octet of the id changes by much */
    uint32_t n_uneven[2]; /* steps whose change of this octet is not about that of the step before */
    uint32_t n_turns;     /* steps in which bits 4-6 do not change by as much as in the step before */
    uint8_t change[2];    /* of these octets in the last step, mod 256 */
    uint8_t turn;         /* of bits 4-6 in the last step, mod 8 */
    uint8_t values;       /* a bit for each value of bits 4-6 so far */
    uint8_t n_values;
    uint8_t id_of[8][2];      /* the last id that came with each value */
    bool is_constant;         /* an id came twice in a row or with the same value, or two differences were equal */
    uint16_t bits;            /* what the messages give, before the first ones are taken off */
    uint16_t n_shaped, n_all; /* of the port's datagrams, until the first message */
};

/* The keep-alives of one direction. */
struct keepalives {
    struct keepalive recent[MAX_KEEPALIVES];
    uint32_t n; /* seen so far; the oldest of the recent ones is overwritten */
    struct keepalive_chain chain;
    uint32_t n_gaps[2]; /* successive gaps near 10 s and near 20 s */
    int64_t sum_us[2];
};

struct pair {
    skypefp_contact contact;  /* first: a contact is its pair */
    struct pair_table *table; /* where its stretches are counted */
    struct tuple_key key;
    struct endpoint_key end[2]; /* [0]: contact.a */
    uint32_t end_hash[2];       /* plain hashes of its ends, by the key of the shares */
    bool a_is_low;
    bool is_candidate;             /* shows nothing but 3-octet messages */
    unsigned refs;                 /* the table, and findings */
    GList lru;                     /* place in one of the table's queues, data: this pair */
    GArray *spans[2];              /* struct span of each end, by from_us; NULL: none */
    GArray *runs;                  /* struct data_run; NULL: none */
    GArray *bursts;                /* skypefp_burst; NULL: none. The last one may be too short to be listed */
    struct keepalives *keepalives; /* two, by side; NULL: no 3-octet message yet */
    skypefp_finding *data;         /* represents each of its data messages; NULL: none yet */
};

/* How many pairs have an end whose hash falls on a place, at most 255, where it stays: what is not there has no
 * pair. */
enum { PAIR_ENDS = 65536 };

struct pair_table {
    uint8_t *n_ends; /* PAIR_ENDS of them */
    GHashTable *by_key;
    GQueue lru, candidates; /* least recently used first */
    struct hash_key hash_key, end_key;
    uint32_t limit;
    uint64_t dropped;
    uint32_t n_stretches; /* spans, runs and bursts of all pairs, also of those that only findings keep */
    uint64_t dropped_stretches;
};

void skypefp_pairs_init(struct pair_table *table, uint32_t limit, uint64_t seed);
void skypefp_pairs_clear(struct pair_table *table);

/* The pair of a packet, or NULL; *side: 0 when contact.a sent it. */
struct pair *skypefp_pairs_find(const struct pair_table *table, const skypefp_packet *packet, unsigned *side);

/* Whether an endpoint, by the plain hash of its address, may have a pair; cheap, and never wrong when it denies it. */
static inline bool pairs_may_have(const struct pair_table *table, uint32_t end_hash)
{
    return table->n_ends[end_hash % PAIR_ENDS] != 0;
}

/* The same, created if absent. is_candidate: the packet is a 3-octet message, which alone does not keep a pair. */
struct pair *skypefp_pairs_touch(struct pair_table *table, const skypefp_packet *packet, bool is_candidate,
                                 unsigned *side);

struct pair *skypefp_pair_ref(struct pair *pair);
void skypefp_pair_unref(struct pair *pair);

/* The pair that a contact is a part of. Contacts are the tracker's own, and pairs are never constant. */
static inline struct pair *pair_of(const skypefp_contact *contact)
{
    return (struct pair *)(uintptr_t)contact;
}

/* Counts a span, run or burst that is about to be added to an array of the pair. True: the oldest one there has to
 * leave for it. */
bool skypefp_pair_add_stretch(struct pair *pair, const GArray *stretches);

/* Counts a message with a shape. */
void skypefp_pair_count(struct pair *pair, const skypefp_packet *packet, unsigned side);

/* The pair shows more than 3-octet messages: it is kept as long as the others. */
void skypefp_pairs_promote(struct pair_table *table, struct pair *pair);

/* The keep-alives of a side, created if absent. */
struct keepalives *skypefp_pair_keepalives(struct pair *pair, unsigned side);

#endif
