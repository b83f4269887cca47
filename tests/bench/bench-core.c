/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fingerprints alone cost: nanoseconds a packet, and memory.
 *
 *   bench-core KIND PACKETS CONVERSATIONS
 *
 * KIND: udp (random payloads), tcp (random payloads, 20 segments a conversation if there are so many), skype
 * (payload and answer). Prints nanoseconds a packet, and the octets that the tracker holds at the end, separated by
 * a tab. With 0 packets nothing is observed: what is left of an instruction count when that run's is taken away
 * belongs to the packets. */
#include "feed.h"
#include "heap.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    SERVER = 0x0a000001,
    CLIENTS = 0x0a010000,
    PORTS = 50000,
    PAYLOAD_OCTETS = 48,
    BLOCK = 4096 /* packets made ahead of the clock: making them is not what is measured */
};

/* A plain generator of numbers (xorshift, Marsaglia 2003): the same packets every time. */
struct numbers {
    uint64_t state;
};

static uint32_t next_number(struct numbers *numbers)
{
    numbers->state ^= numbers->state << 13;
    numbers->state ^= numbers->state >> 7;
    numbers->state ^= numbers->state << 17;
    return (uint32_t)(numbers->state >> 32);
}

static void fill(struct feed *feed, struct numbers *numbers)
{
    for (unsigned i = 0; i < PAYLOAD_OCTETS; i += 4) {
        feed_be32(feed->data + i, next_number(numbers));
    }
}

/* The i-th client: an address of 10.0.0.0/8 and a port. */
static uint32_t client_address(uint32_t i)
{
    return CLIENTS + i / PORTS;
}

static uint16_t client_port(uint32_t i)
{
    return (uint16_t)(10000 + i % PORTS);
}

typedef void make_packet(struct feed *feed, uint32_t frame, uint32_t conversation, struct numbers *numbers);

static void make_udp(struct feed *feed, uint32_t frame, uint32_t conversation, struct numbers *numbers)
{
    feed_begin(feed, SKYPEFP_UDP, frame, client_address(conversation), client_port(conversation), SERVER, 35990,
               PAYLOAD_OCTETS);
    fill(feed, numbers);
}

static void make_tcp(struct feed *feed, uint32_t frame, uint32_t conversation, struct numbers *numbers)
{
    feed_begin(feed, SKYPEFP_TCP, frame, client_address(conversation), client_port(conversation), SERVER, 35990,
               PAYLOAD_OCTETS);
    fill(feed, numbers);
    feed->packet.tcp_seq = 1000 + (frame & 0xffff) * PAYLOAD_OCTETS;
    feed->packet.tcp_flags = SKYPEFP_ACK;
}

static void make_skype(struct feed *feed, uint32_t frame, uint32_t conversation, struct numbers *numbers)
{
    bool is_answer = frame % 2 == 0;
    uint32_t asker = client_address(conversation), src = is_answer ? SERVER : asker, dst = is_answer ? asker : SERVER;
    uint16_t asker_port = client_port(conversation), src_port = is_answer ? 35990 : asker_port,
             dst_port = is_answer ? asker_port : 35990;

    feed_begin(feed, SKYPEFP_UDP, frame, src, src_port, dst, dst_port, is_answer ? 11 : 18);
    if (is_answer) {
        feed_ack(feed, (uint16_t)(frame / 2 - 1), asker);
    } else {
        feed_payload(feed, (uint16_t)(frame / 2), next_number(numbers), next_number(numbers));
    }
}

static const struct {
    const char *name;
    make_packet *make;
    unsigned run;
} kinds[] = {
    { "udp", make_udp, 1 },
    { "tcp", make_tcp, 1 },
    { "skype", make_skype, 2 },
};

static uint32_t read_number(const char *text)
{
    uint64_t number;
    GError *error = NULL;

    if (!g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &number, &error)) {
        fprintf(stderr, "bench-core: %s\n", error->message);
        exit(2);
    }
    return (uint32_t)number;
}

static void make_block(unsigned kind, struct feed *feeds, uint32_t done, uint32_t n, uint32_t n_conversations,
                       struct numbers *numbers)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t turn = (done + i) / kinds[kind].run;
        kinds[kind].make(&feeds[i], done + i + 1, turn % n_conversations, numbers);
    }
}

/* The microseconds it took. */
static int64_t observe_block(skypefp_tracker *tracker, const struct feed *feeds, uint32_t n)
{
    int64_t started = g_get_monotonic_time();

    for (uint32_t i = 0; i < n; i++) {
        skypefp_sighting sighting;
        skypefp_observe(tracker, &feeds[i].packet, &sighting);
    }
    return g_get_monotonic_time() - started;
}

static void observe_all(unsigned kind, uint32_t n_packets, uint32_t n_conversations)
{
    struct numbers numbers = { .state = 0x9e3779b97f4a7c15u };
    skypefp_config config = skypefp_default_config();
    skypefp_tracker *tracker = skypefp_tracker_new(&config);
    struct feed *feeds = g_new(struct feed, BLOCK);
    size_t held = heap_in_use();
    int64_t spent_us = 0;

    for (uint32_t done = 0; done < n_packets; done += BLOCK) {
        uint32_t n = MIN((uint32_t)BLOCK, n_packets - done);
        make_block(kind, feeds, done, n, n_conversations, &numbers);
        spent_us += observe_block(tracker, feeds, n);
    }
    printf("%.1f\t%zu\n", n_packets > 0 ? (double)spent_us * 1000 / n_packets : 0, heap_in_use() - held);
    g_free(feeds);
    skypefp_tracker_free(tracker);
}

int main(int argc, char **argv)
{
    unsigned kind = 0;

    while (argc == 4 && kind < G_N_ELEMENTS(kinds) && strcmp(kinds[kind].name, argv[1]) != 0) {
        kind++;
    }
    if (argc != 4 || kind == G_N_ELEMENTS(kinds)) {
        fputs("usage: bench-core udp|tcp|skype PACKETS CONVERSATIONS\n", stderr);
        return 2;
    }
    observe_all(kind, read_number(argv[2]), MAX(read_number(argv[3]), 1));
    return 0;
}
