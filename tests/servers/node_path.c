/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A direct path of the test node, after the first words: keep-alives, payloads that are acknowledged, data as in a call
 * and as of a file. All of it is in real time. */
#define _POSIX_C_SOURCE 200809L
#include "node.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_MAX = 4096, PATH_TICK_MS = 5, CALL_LEN = 67, FILE_LEN = 519, FILE_ANSWER_LEN = 25, FILE_AT_LEAST = 500 };
#define MS INT64_C(1000)

/* What is sent again and again: between two times, or to the end. */
struct plan {
    size_t (*build)(struct node_numbers *numbers, uint8_t *out);
    int64_t period_us;
    int64_t from_us, to_us; /* since the path began; to_us 0: to the end */
    int64_t next_us;
    unsigned sent;
};

enum { PLAN_PAYLOAD, PLAN_KEEPALIVE, PLAN_CALL, PLAN_FILE, N_PLANS };

static size_t build_payload(struct node_numbers *numbers, uint8_t *out)
{
    uint32_t crc = g_rand_int(numbers->random);

    return node_build_payload(numbers, node_next_id(numbers), crc, 24, out);
}

static size_t build_keepalive(struct node_numbers *numbers, uint8_t *out)
{
    return node_build_data(numbers, NODE_KEEPALIVE_LEN, out);
}

static size_t build_voice(struct node_numbers *numbers, uint8_t *out)
{
    return node_build_data(numbers, CALL_LEN, out);
}

static size_t build_chunk(struct node_numbers *numbers, uint8_t *out)
{
    return node_build_data(numbers, FILE_LEN, out);
}

/* A payload at once and every 0.45 periods of the keep-alive, voice for 3.6 s, and a file's chunks for 3 s: more than
 * 95 messages each, and more than 3 s apart. */
static void make_plans(const struct node_settings *settings, struct plan plans[N_PLANS])
{
    int64_t beat_us = settings->keepalive_us;

    memset(plans, 0, N_PLANS * sizeof plans[0]);
    plans[PLAN_PAYLOAD] = (struct plan){ .build = build_payload, .period_us = beat_us * 9 / 20 };
    plans[PLAN_KEEPALIVE] = (struct plan){ .build = build_keepalive, .period_us = beat_us, .from_us = 150 * MS };
    plans[PLAN_CALL] = (struct plan){
        .build = build_voice, .period_us = 30 * MS, .from_us = beat_us / 10, .to_us = beat_us / 10 + 3600 * MS
    };
    if (settings->sends_file) {
        plans[PLAN_FILE] = (struct plan){
            .build = build_chunk, .period_us = 25 * MS, .from_us = beat_us, .to_us = beat_us + 3000 * MS
        };
    }
    for (unsigned i = 0; i < N_PLANS; i++) {
        plans[i].next_us = plans[i].from_us;
    }
}

/* Sends what is due, each once: a node that was held up does not make up for it, and keeps its phase. */
static void send_due(struct node_settings *settings, int fd, struct plan plans[N_PLANS], int64_t now_us)
{
    uint8_t out[NODE_MESSAGE_MAX];

    for (unsigned i = 0; i < N_PLANS; i++) {
        struct plan *plan = &plans[i];
        if (plan->build == NULL || now_us < plan->next_us || (plan->to_us != 0 && now_us >= plan->to_us)) {
            continue;
        }
        plan->sent += send(fd, out, plan->build(&settings->numbers, out), MSG_NOSIGNAL) >= 0;
        while (plan->next_us <= now_us) {
            plan->next_us += plan->period_us;
        }
    }
}

/* What a datagram of len octets is answered with: an ack with its sender's address to a payload, 25 to 28 octets to a
 * chunk of a file. How many octets; 0: nothing. */
static size_t build_answer(struct node_settings *settings, const uint8_t *in, size_t len,
                           const struct sockaddr_in *peer, uint8_t *out)
{
    if (len >= NODE_PAYLOAD_MIN && in[2] == NODE_PAYLOAD) {
        return node_build_reply(&settings->numbers, NODE_ACK, in, (const uint8_t *)&peer->sin_addr, out);
    }
    if (len >= FILE_AT_LEAST && (in[2] & 0x8f) == NODE_DATA) {
        size_t more = g_rand_int(settings->numbers.random) % 4;
        return node_build_data(&settings->numbers, FILE_ANSWER_LEN + more, out);
    }
    return 0;
}

/* Answers one datagram; whether any came. */
static bool answer(struct node_settings *settings, int fd, const struct sockaddr_in *peer)
{
    uint8_t in[IN_MAX], out[NODE_MESSAGE_MAX];
    ssize_t len = recv(fd, in, sizeof in, MSG_DONTWAIT);

    if (len < NODE_KEEPALIVE_LEN) {
        return false; /* or an ICMP error: the peer is not there yet */
    }
    size_t out_len = build_answer(settings, in, (size_t)len, peer, out);
    if (out_len > 0) {
        (void)!send(fd, out, out_len, MSG_NOSIGNAL);
    }
    return true;
}

int node_keep_path(struct node_settings *settings, const struct sockaddr_in *peer)
{
    int fd = node_open_udp(settings, peer);
    struct plan plans[N_PLANS];
    int64_t begin_us = g_get_monotonic_time();
    unsigned received = 0;

    if (fd < 0) {
        return node_fail("cannot send from this port");
    }
    make_plans(settings, plans);
    while (!node_is_over(settings)) {
        struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
        send_due(settings, fd, plans, g_get_monotonic_time() - begin_us);
        if (poll(&poll_fd, 1, PATH_TICK_MS) > 0) {
            received += answer(settings, fd, peer);
        }
    }
    close(fd);
    printf("path sent %u payloads %u keep-alives %u of a call %u of a file received %u\n", plans[PLAN_PAYLOAD].sent,
           plans[PLAN_KEEPALIVE].sent, plans[PLAN_CALL].sent, plans[PLAN_FILE].sent, received);
    return NODE_OK;
}
