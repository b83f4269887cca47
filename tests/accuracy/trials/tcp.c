/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions about directions of TCP conversations: their first octets, as far as the fingerprints ever look at
 * them. */
#include "openings.h"
#include "trials.h"

enum {
    SEED_LEN = 4,
    EMPTY_LEN = 5,
    GARBAGE_LEN = 14,
    BARE_FIRST = 14,
    BARE_LEN = 18,
    SEED_REUSE_LEN = 23,
    PADDING_AT = 48,
    PADDING_LEN = 6,
    FAKE_CLIENT_LEN = 72,
    FAKE_SERVER_LEN = 79
};

/* One direction of a conversation. */
struct way {
    const skypefp_tracker *tracker;
    const struct stream *stream;
    enum stream_side side;
    const struct direction *own, *other;
};

struct question {
    const char *rule, *unit, *opportunity, *chance;
    bool (*is_opportunity)(const struct way *way);
    bool (*is_chance)(const struct way *way);
    bool of_talk; /* asks about messages after the first octets, at every segment */
};

/* The answers for one conversation so far: a bit for each question. */
struct answers {
    struct endpoint_key key[2];
    uint32_t opportunity[2], chance[2];
    bool has_sent[2]; /* octets */
};

struct tcp_trials {
    GHashTable *answers; /* serial -> struct answers */
};

static bool is_answered_http(const struct way *way)
{
    return way->side == RESPONDER && way->own->end > 0 && skypefp_opens_as_http_request(way->other);
}

static bool opens_as_bare(const struct way *way)
{
    return is_answered_http(way) &&
           (skypefp_opens_with(way->own, "HTTP/1.0 404", 12) || skypefp_opens_with(way->own, "HTTP/1.0 501", 12));
}

static bool answers_no_http(const struct way *way)
{
    return way->side == RESPONDER && way->own->n >= GARBAGE_LEN && way->other->n > 0 && !way->own->is_late &&
           !way->other->is_late && !skypefp_opens_as_http_request(way->other);
}

/* The fingerprints note this half until they see the other. */
static bool is_binary_half(const struct way *way)
{
    return answers_no_http(way) && way->stream->is_half;
}

static bool has_seed_reuse_octets(const struct way *way)
{
    return way->own->n >= SEED_REUSE_LEN;
}

static bool has_padding_octets(const struct way *way)
{
    return way->own->n >= PADDING_AT + PADDING_LEN;
}

static bool has_fake_client_octets(const struct way *way)
{
    return way->own->n >= FAKE_CLIENT_LEN;
}

static bool opens_as_fake_client(const struct way *way)
{
    static const uint8_t hello[] = { 0x80, 0x46, 0x01, 0x03, 0x01, 0x00, 0x2d };

    return has_fake_client_octets(way) && skypefp_opens_with(way->own, hello, sizeof hello);
}

static bool has_fake_server_octets(const struct way *way)
{
    return way->own->n >= FAKE_SERVER_LEN;
}

static bool opens_as_fake_server(const struct way *way)
{
    static const uint8_t hello[] = { 0x16, 0x03, 0x01, 0x00, 0x4a, 0x02, 0x00, 0x00, 0x46 };

    return has_fake_server_octets(way) && skypefp_opens_with(way->own, hello, sizeof hello);
}

static bool has_login_octets(const struct way *way)
{
    return way->own->n >= EMPTY_LEN;
}

static bool opens_as_login(const struct way *way)
{
    static const uint8_t handshake[] = { 0x16, 0x03, 0x01 }, application[] = { 0x17, 0x03, 0x01 };
    const uint8_t *record = way->side == INITIATOR ? handshake : application;

    return has_login_octets(way) && skypefp_opens_with(way->own, record, sizeof handshake);
}

static bool has_bare_octets(const struct way *way)
{
    return way->side == RESPONDER && way->own->n >= BARE_LEN;
}

static bool is_14_and_4(const struct way *way)
{
    const struct direction *own = way->own;

    return has_bare_octets(way) && own->n_segments == 2 && own->segment_at[0] == 0 &&
           own->segment_end[0] == BARE_FIRST && own->segment_at[1] == BARE_FIRST && own->segment_end[1] == BARE_LEN;
}

static bool has_seed_octets(const struct way *way)
{
    return way->own->n >= SEED_LEN;
}

/* The fingerprints remember the generator of a host at port 0. */
static bool has_host_generator(const struct way *way)
{
    const struct endpoint_key *key = &way->stream->key[way->side];
    skypefp_address address = { key->bytes, key->len, 0, key->scope };
    struct endpoint_key host = skypefp_key(&way->tracker->hosts.hash_key, &address);

    return has_seed_octets(way) && skypefp_endpoints_lookup(&way->tracker->hosts, &host) != NULL;
}

static bool asks_http(const struct way *way)
{
    return way->side == INITIATOR && skypefp_opens_as_http_request(way->own);
}

static bool asks_http_absolute(const struct way *way)
{
    return skypefp_opens_with(way->own, "GET http://", 11);
}

/* The clock of a direction that has the most messages, or NULL. */
static const struct clock *find_clock(const struct way *way, uint32_t least)
{
    for (unsigned i = 0; i < N_CLOCKS; i++) {
        const struct clock *clock = way->stream->talk.clocks[way->side][i];
        if (clock != NULL && clock->n >= least) {
            return clock;
        }
    }
    return NULL;
}

static bool has_two_beats(const struct way *way)
{
    return find_clock(way, 2) != NULL;
}

/* Whatever explains it: a constant, a counter, a shorter period. */
static bool has_tick(const struct way *way)
{
    for (unsigned i = 0; i < N_CLOCKS; i++) {
        const struct clock *clock = way->stream->talk.clocks[way->side][i];
        const struct beat *newest = clock != NULL ? skypefp_clock_beat(clock, 0) : NULL;
        if (newest != NULL && newest->n_ticks >= 1) {
            return true;
        }
    }
    return false;
}

/* The clock of messages of 5 octets. */
static const struct clock *find_clock_of_5(const struct way *way)
{
    return way->stream->talk.clocks[way->side][1];
}

static bool has_two_of_5(const struct way *way)
{
    const struct clock *clock = find_clock_of_5(way);

    return clock != NULL && clock->n >= 2;
}

/* Whatever the octets are, and however long lies between. */
static bool has_two_answered_by_5(const struct way *way)
{
    const struct clock *clock = find_clock_of_5(way);
    unsigned n_answered = 0;

    for (unsigned i = 0; clock != NULL && i < MAX_BEATS; i++) {
        const struct beat *beat = skypefp_clock_beat(clock, i);
        n_answered += beat != NULL && beat->is_answered;
    }
    return n_answered >= 2;
}

static bool has_eight_messages(const struct way *way)
{
    return way->side == INITIATOR && way->stream->talk.n >= FIRST_ASK;
}

/* Without the vetoes. */
static bool is_answered_by_four(const struct way *way)
{
    const struct talk *talk = &way->stream->talk;

    return has_eight_messages(way) && talk->n_answered[INITIATOR] >= 3 &&
           2 * talk->n_answered[INITIATOR] >= talk->n_asked[INITIATOR] && 3 * talk->n_small >= talk->n;
}

static bool has_message(const struct way *way)
{
    return way->side == INITIATOR && way->stream->talk.n > 0;
}

static bool is_of_proven_host(const struct way *way)
{
    const struct endpoint_key *key = &way->stream->key[way->side];
    skypefp_address address = { key->bytes, key->len, 0, key->scope };
    struct endpoint_key host_key = skypefp_key(&way->tracker->hosts.hash_key, &address);
    const skypefp_endpoint *host = skypefp_endpoints_lookup(&way->tracker->hosts, &host_key);

    return has_message(way) && host != NULL && host->proof_frame != 0;
}

static const struct question questions[] = {
    { "tcp.http_facade", "answer", "to an HTTP request", "begins HTTP/1.0 404 or 501", is_answered_http, opens_as_bare,
      false },
    { "tcp.garbage_answer", "answer", "of 14 octets to what is not HTTP", "is binary and of no known protocol",
      answers_no_http, is_binary_half, false },
    { "tcp.seed_reuse", "direction", "has 23 octets", "always", has_seed_reuse_octets, has_seed_reuse_octets, false },
    { "tcp.padding_run", "direction", "has 54 octets", "always", has_padding_octets, has_padding_octets, false },
    { "tcp.fake_tls_client", "direction", "has 72 octets", "begins as an SSLv2 hello of its length and suites",
      has_fake_client_octets, opens_as_fake_client, false },
    { "tcp.fake_tls_server", "direction", "has 79 octets", "begins as a ServerHello of its version and length",
      has_fake_server_octets, opens_as_fake_server, false },
    { "tcp.login", "direction", "has 5 octets",
      "begins as a TLS 1.0 record, of a handshake or from the responder of data", has_login_octets, opens_as_login,
      false },
    { "tcp.bare", "direction", "is the responder's and has 18 octets", "comes as 14 and 4 octets", has_bare_octets,
      is_14_and_4, false },
    { "tcp.seed_generator", "direction", "has 4 octets", "is sent by a host whose UDP payloads follow the generator",
      has_seed_octets, has_host_generator, false },
    { "host.update_check", "request", "of HTTP", "GET with an absolute URI", asks_http, asks_http_absolute, false },
    { "tcp.rhythm", "direction", "has two messages of 2 octets, or of 5", "has a tick of a clock, whatever explains it",
      has_two_beats, has_tick, true },
    { "tcp.rhythm: answers of 5", "direction", "has two messages of 5 octets",
      "has two that 5 octets of the other side answer within 2 s", has_two_of_5, has_two_answered_by_5, true },
    { "tcp.small_talk", "conversation", "has 8 messages", "has its lengths, before the vetoes", has_eight_messages,
      is_answered_by_four, true },
    { "host.proven", "conversation", "has a message", "is begun by a proven host", has_message, is_of_proven_host,
      true },
};

/* Asked at the end, of an endpoint. */
static const struct question both = {
    "endpoint.both", "port", "answers on UDP and on TCP", "shows another rule", NULL, NULL, false,
};

struct tcp_trials *tcp_trials_new(void)
{
    struct tcp_trials *tcp = g_new(struct tcp_trials, 1);

    tcp->answers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return tcp;
}

void tcp_trials_free(struct tcp_trials *tcp)
{
    g_hash_table_destroy(tcp->answers);
    g_free(tcp);
}

void tcp_trials_look(struct tcp_trials *tcp, const skypefp_tracker *tracker, const struct stream *stream, bool of_talk)
{
    struct answers *answers = g_hash_table_lookup(tcp->answers, GUINT_TO_POINTER(stream->serial));

    if (answers == NULL) {
        answers = g_new0(struct answers, 1);
        memcpy(answers->key, stream->key, sizeof answers->key);
        g_hash_table_insert(tcp->answers, GUINT_TO_POINTER(stream->serial), answers);
    }
    for (unsigned side = INITIATOR; side <= RESPONDER; side++) {
        struct way way = { tracker, stream, side, &stream->side[side], &stream->side[!side] };
        answers->has_sent[side] = answers->has_sent[side] || (!of_talk && way.own->end > 0);
        for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++) {
            if (questions[i].of_talk == of_talk) {
                answers->opportunity[side] |= (uint32_t)questions[i].is_opportunity(&way) << i;
                answers->chance[side] |= (uint32_t)questions[i].is_chance(&way) << i;
            }
        }
    }
}

static void count_side(const struct answers *answers, unsigned side, char *const name[2], struct trials *trials)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++) {
        if (answers->opportunity[side] >> i & 1) {
            trials_count(trials, "opportunity", questions[i].rule, name[side], name[!side], "");
        }
        if (answers->chance[side] >> i & 1) {
            trials_count(trials, "chance", questions[i].rule, name[side], name[!side], "");
        }
    }
}

/* endpoint.both asks about a port that answers on UDP and on TCP: one opportunity, however often it does. */
static void count_both(GHashTable *counted, const struct endpoint_key *key, const char *name, struct trials *trials,
                       const skypefp_tracker *tracker)
{
    skypefp_address address = { key->bytes, key->len, key->port, key->scope };
    const skypefp_endpoint *endpoint = skypefp_endpoint_find(tracker, &address);

    if (g_hash_table_add(counted, g_strdup(name))) {
        trials_count(trials, "opportunity", both.rule, name, "", "");
        if (endpoint != NULL && endpoint->tallies != NULL) {
            trials_count(trials, "chance", both.rule, name, "", "");
        }
    }
}

void tcp_trials_finish(const struct tcp_trials *tcp, struct trials *trials, const skypefp_tracker *tracker,
                       const struct udp_trials *udp)
{
    GHashTable *counted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer entry;

    g_hash_table_iter_init(&iter, tcp->answers);
    while (g_hash_table_iter_next(&iter, NULL, &entry)) {
        const struct answers *answers = entry;
        char *name[2];
        for (unsigned side = INITIATOR; side <= RESPONDER; side++) {
            const struct endpoint_key *key = &answers->key[side];
            name[side] = trials_name(&(skypefp_address){ key->bytes, key->len, key->port, key->scope });
        }
        count_side(answers, INITIATOR, name, trials);
        count_side(answers, RESPONDER, name, trials);
        if (answers->has_sent[RESPONDER] && udp_trials_answered(udp, name[RESPONDER])) {
            count_both(counted, &answers->key[RESPONDER], name[RESPONDER], trials, tracker);
        }
        if (answers->has_sent[INITIATOR] || answers->has_sent[RESPONDER]) {
            trials_count(trials, "seen", "tcp", name[INITIATOR], name[RESPONDER], "");
        }
        g_free(name[INITIATOR]);
        g_free(name[RESPONDER]);
    }
    g_hash_table_destroy(counted);
}

static void explain(const struct question *question, GString *text)
{
    g_string_append_printf(text, "what\t%s\t%s\t%s\t%s\n", question->rule, question->unit, question->opportunity,
                           question->chance);
}

void tcp_trials_explain(GString *text)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++) {
        explain(&questions[i], text);
    }
    explain(&both, text);
}
