/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions about datagrams. */
#include "trials.h"

enum { DNS_PORT = 53, DNS_HEADER_LEN = 12 };

enum {
    MIN_IV = 7,
    MIN_CRC = 11,
    MIN_COUNTED = 8,
    MIN_PEERS = 4,
    KEEPALIVES = 3,
    VOICES = 63,
    VOICE_LEN = 29,
    PSTN_PORT = 12340
};

/* What one port sent another so far. */
struct sent {
    unsigned n, n_requests, n_payloads, n_fragments, n_of_3, n_keepalives, n_of_29;
};

/* What one port sent so far. */
struct port {
    unsigned n, n_with_iv, n_payloads, n_payloads_with_crc, n_messages_with_iv;
    unsigned n_peers; /* that it sent payloads */
    bool has_answered;
};

struct udp_trials {
    GHashTable *sent;  /* "sender>receiver" -> struct sent */
    GHashTable *ports; /* name -> struct port */
};

/* A datagram and what was before it. */
struct datagram {
    const skypefp_packet *packet;
    skypefp_message message;
    bool has_request;          /* the request whose id it repeats was seen */
    struct sent *forth, *back; /* sender to receiver, receiver to sender */
    struct port *port;
};

struct question {
    const char *rule, *unit, *opportunity, *chance;
    bool (*is_opportunity)(const struct datagram *datagram);
    bool (*is_chance)(const struct datagram *datagram);
};

static bool has_function(const struct datagram *datagram, uint8_t function)
{
    return datagram->message.function == function;
}

static bool has_answer_shape(const struct datagram *datagram)
{
    return has_function(datagram, SKYPEFP_FN_ACK) || has_function(datagram, SKYPEFP_FN_NAK);
}

static bool follows_three_of_3(const struct datagram *datagram)
{
    return datagram->packet->wire_len == SKYPEFP_KEEPALIVE_LEN && datagram->forth->n_of_3 >= KEEPALIVES;
}

static bool is_keepalive(const struct datagram *datagram)
{
    return datagram->packet->wire_len == SKYPEFP_KEEPALIVE_LEN && has_function(datagram, SKYPEFP_FN_DATA);
}

static bool follows_three_keepalives(const struct datagram *datagram)
{
    return is_keepalive(datagram) && datagram->forth->n_keepalives >= KEEPALIVES;
}

static bool follows_voices(const struct datagram *datagram)
{
    return datagram->packet->wire_len == VOICE_LEN && datagram->forth->n_of_29 >= VOICES;
}

static bool follows_voices_of_gateway(const struct datagram *datagram)
{
    return follows_voices(datagram) && datagram->packet->src.port == PSTN_PORT;
}

static bool answers_ipv4(const struct datagram *datagram)
{
    return datagram->back->n > 0 && datagram->packet->dst.len == SKYPEFP_IPV4_LEN;
}

static bool answers_a_request(const struct datagram *datagram)
{
    return answers_ipv4(datagram) && has_answer_shape(datagram) && datagram->back->n_requests > 0;
}

static bool answers_by_id(const struct datagram *datagram)
{
    return answers_ipv4(datagram) && has_answer_shape(datagram) && datagram->has_request &&
           datagram->message.has_address;
}

static bool asks_again(const struct datagram *datagram)
{
    return answers_ipv4(datagram) && datagram->forth->n > 0;
}

static bool resends_by_id(const struct datagram *datagram)
{
    return asks_again(datagram) && has_function(datagram, SKYPEFP_FN_RESEND) && datagram->has_request;
}

static bool answers_again(const struct datagram *datagram)
{
    return datagram->back->n > 0 && datagram->forth->n > 0 && datagram->packet->wire_len >= SKYPEFP_FRAGMENT_MIN;
}

static bool is_next_fragment(const struct datagram *datagram)
{
    return answers_again(datagram) && has_function(datagram, SKYPEFP_FN_FRAGMENT) && datagram->back->n_requests > 0 &&
           datagram->forth->n_fragments > 0;
}

static bool follows_with_iv(const struct datagram *datagram)
{
    return datagram->port->n_with_iv > 0 && datagram->packet->len >= MIN_IV;
}

static bool is_next_iv(const struct datagram *datagram)
{
    return datagram->port->n_messages_with_iv > 0 && datagram->message.has_iv;
}

static bool follows_with_crc(const struct datagram *datagram)
{
    return datagram->port->n > 0 && datagram->packet->len >= MIN_CRC &&
           datagram->packet->wire_len >= SKYPEFP_PAYLOAD_MIN;
}

static bool is_next_payload(const struct datagram *datagram)
{
    return datagram->port->n_payloads_with_crc > 0 && has_function(datagram, SKYPEFP_FN_PAYLOAD) &&
           datagram->message.has_crc;
}

static bool follows_eight(const struct datagram *datagram)
{
    return datagram->port->n >= MIN_COUNTED;
}

static bool follows_eight_payloads(const struct datagram *datagram)
{
    return datagram->port->n_payloads >= MIN_COUNTED && datagram->port->n_peers >= MIN_PEERS &&
           has_function(datagram, SKYPEFP_FN_PAYLOAD);
}

static bool is_to_resolver(const struct datagram *datagram)
{
    return datagram->packet->dst.port == DNS_PORT;
}

static bool is_query(const struct datagram *datagram)
{
    return is_to_resolver(datagram) && datagram->packet->len > DNS_HEADER_LEN &&
           (datagram->packet->data[2] & 0xf8) == 0;
}

static const struct question questions[] = {
    { "udp.echo", "datagram", "goes over IPv4 to a port that had sent its sender one",
      "has the shape of an ack or NAK, and its sender was sent a payload or resend", answers_ipv4, answers_a_request },
    { "udp.reflect", "datagram", "goes over IPv4 to a port that had sent its sender one",
      "has the shape of an ack or NAK, and the id of a request", answers_ipv4, answers_by_id },
    { "udp.resend", "datagram", "goes over IPv4 between ports that had both sent the other one",
      "has the shape of a resend, and the id of a request", asks_again, resends_by_id },
    { "udp.fragment", "datagram", "has 16 octets and goes between ports that had both sent the other one",
      "has the shape of a fragment, as an earlier one of its sender to a port that asked", answers_again,
      is_next_fragment },
    { "udp.iv", "datagram", "has 7 octets, as an earlier one of its port",
      "has the shape of a payload or fragment, as an earlier one of its port", follows_with_iv, is_next_iv },
    { "udp.repeat", "datagram", "has 18 octets and is not the first of its port",
      "has the shape of a payload, as an earlier one of its port", follows_with_crc, is_next_payload },
    { "udp.counter", "datagram", "is the ninth or later of its port",
      "has the shape of a payload, as eight earlier ones of its port, to four others", follows_eight,
      follows_eight_payloads },
    { "udp.keepalive", "datagram", "has 3 octets, as three earlier ones between the same ports",
      "has the shape of a keep-alive, as three earlier ones", follows_three_of_3, follows_three_keepalives },
    { "udp.skypeout", "datagram", "has 29 octets, as 63 earlier ones between the same ports", "is sent from port 12340",
      follows_voices, follows_voices_of_gateway },
    { "host.presence", "datagram", "is sent to port 53", "is a query of DNS", is_to_resolver, is_query },
};

struct udp_trials *udp_trials_new(void)
{
    struct udp_trials *udp = g_new(struct udp_trials, 1);

    udp->sent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    udp->ports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return udp;
}

void udp_trials_free(struct udp_trials *udp)
{
    g_hash_table_destroy(udp->sent);
    g_hash_table_destroy(udp->ports);
    g_free(udp);
}

/* The entry of a name, made zeroed if new; the name is taken over. */
static void *take_entry(GHashTable *table, char *name, size_t size)
{
    void *entry = g_hash_table_lookup(table, name);

    if (entry == NULL) {
        entry = g_malloc0(size);
        g_hash_table_insert(table, name, entry);
    } else {
        g_free(name);
    }
    return entry;
}

/* As the fingerprints do it: a resend repeats its sender's own request, an answer or fragment its receiver's. */
static bool find_request(const skypefp_tracker *tracker, const struct datagram *datagram)
{
    const skypefp_endpoint *src = skypefp_endpoint_find(tracker, &datagram->packet->src);
    const skypefp_endpoint *dst = skypefp_endpoint_find(tracker, &datagram->packet->dst);
    bool is_resend = has_function(datagram, SKYPEFP_FN_RESEND);

    return src != NULL && dst != NULL && (is_resend || has_answer_shape(datagram)) &&
           skypefp_requests_lookup(&tracker->requests, is_resend ? src : dst, is_resend ? dst : src,
                                   datagram->message.id) != NULL;
}

/* Books the datagram as one that was before the next. */
static void remember(const struct datagram *datagram)
{
    struct sent *sent = datagram->forth;
    struct port *port = datagram->port;
    bool is_payload = has_function(datagram, SKYPEFP_FN_PAYLOAD);

    port->has_answered = port->has_answered || datagram->back->n > 0;
    port->n++;
    port->n_with_iv += datagram->packet->len >= MIN_IV;
    port->n_messages_with_iv += datagram->message.has_iv;
    port->n_payloads += is_payload;
    port->n_payloads_with_crc += is_payload && datagram->message.has_crc;
    port->n_peers += is_payload && sent->n_payloads == 0;
    sent->n++;
    sent->n_payloads += is_payload;
    sent->n_of_3 += datagram->packet->wire_len == SKYPEFP_KEEPALIVE_LEN;
    sent->n_keepalives += is_keepalive(datagram);
    sent->n_of_29 += datagram->packet->wire_len == VOICE_LEN;
    sent->n_requests += is_payload || has_function(datagram, SKYPEFP_FN_RESEND);
    sent->n_fragments += has_function(datagram, SKYPEFP_FN_FRAGMENT);
}

void udp_trials_before(struct udp_trials *udp, struct trials *trials, const skypefp_tracker *tracker,
                       const skypefp_packet *packet)
{
    char *sender = trials_name(&packet->src), *receiver = trials_name(&packet->dst);
    struct datagram datagram = {
        .packet = packet,
        .message = skypefp_message_parse(packet->data, packet->len, packet->wire_len),
        .forth = take_entry(udp->sent, g_strconcat(sender, ">", receiver, NULL), sizeof(struct sent)),
        .back = take_entry(udp->sent, g_strconcat(receiver, ">", sender, NULL), sizeof(struct sent)),
        .port = take_entry(udp->ports, g_strdup(sender), sizeof(struct port)),
    };

    datagram.has_request = find_request(tracker, &datagram);
    for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++) {
        if (questions[i].is_opportunity(&datagram)) {
            trials_count(trials, "opportunity", questions[i].rule, sender, receiver, "");
        }
        if (questions[i].is_chance(&datagram)) {
            trials_count(trials, "chance", questions[i].rule, sender, receiver, "");
        }
    }
    trials_count(trials, "seen", "udp", sender, receiver, "");
    remember(&datagram);
    g_free(sender);
    g_free(receiver);
}

bool udp_trials_answered(const struct udp_trials *udp, const char *name)
{
    const struct port *port = g_hash_table_lookup(udp->ports, name);

    return port != NULL && port->has_answered;
}

void udp_trials_explain(GString *text)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_string_append_printf(text, "what\t%s\t%s\t%s\t%s\n", questions[i].rule, questions[i].unit,
                               questions[i].opportunity, questions[i].chance);
    }
}
