/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lengths and clocks of a client's conversation with Skype's servers, after the first words: the client's side in
 * real time, and what a server answers. */
#define _POSIX_C_SOURCE 200809L
#include "node.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IN_MAX = 4096,
    TALK_TICK_MS = 20,
    ACK_LEN = 4,
    BEAT_LEN = 2,
    LOGIN_LEN = 5,
    HEAD_LEN = 3,
    SERVER_LEN = 10,
    OPENING_LEN = 29
};

/* A small message by itself: a segment each. */
static void say_opaque(struct node_settings *settings, int fd, size_t len)
{
    uint8_t out[NODE_MESSAGE_MAX];

    (void)!send(fd, out, node_build_opaque(&settings->numbers, len, out), MSG_NOSIGNAL);
}

static void send_at_once(int fd)
{
    int yes = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

void node_answer_talk(struct node_settings *settings, int fd, size_t len)
{
    send_at_once(fd);
    if (len > LOGIN_LEN) {
        say_opaque(settings, fd, ACK_LEN);
    } else if (len == LOGIN_LEN || len == BEAT_LEN) {
        say_opaque(settings, fd, len);
    }
    if (len > LOGIN_LEN && g_rand_int(settings->numbers.random) % 4 == 0) {
        say_opaque(settings, fd, HEAD_LEN); /* a message of its own, in two parts */
        say_opaque(settings, fd, SERVER_LEN);
    }
}

/* Reads what the server said; its own messages get 4 octets. False: it closed. */
static bool listen_to_server(struct node_settings *settings, int fd)
{
    uint8_t in[IN_MAX];
    ssize_t len = recv(fd, in, sizeof in, MSG_DONTWAIT);

    if (len == SERVER_LEN || len == HEAD_LEN + SERVER_LEN) {
        say_opaque(settings, fd, ACK_LEN);
    }
    return len > 0;
}

/* A client of a supernode speaks every 2.5 s at a length of its own, and its clock ticks; one of a login server sends
 * its clock's 5 octets and nothing else. */
static void talk(struct node_settings *settings, int fd)
{
    int64_t begin_us = g_get_monotonic_time(), next_beat_us = 0, next_us = 300000;
    size_t beat_len = settings->is_login ? LOGIN_LEN : BEAT_LEN;
    bool is_open = true;

    while (is_open && !node_is_over(settings)) {
        struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
        int64_t now_us = g_get_monotonic_time() - begin_us;
        if (now_us >= next_beat_us) {
            say_opaque(settings, fd, beat_len);
            next_beat_us += settings->clock_us;
        } else if (!settings->is_login && now_us >= next_us) {
            say_opaque(settings, fd, (size_t)g_rand_int_range(settings->numbers.random, 12, 200));
            next_us += 2500000;
        }
        if (poll(&poll_fd, 1, TALK_TICK_MS) > 0) {
            is_open = listen_to_server(settings, fd);
        }
    }
}

int node_talk(struct node_settings *settings, const struct sockaddr_in *peer)
{
    uint8_t out[NODE_MESSAGE_MAX];
    int fd = node_open_tcp(settings, peer);

    if (fd < 0) {
        return node_fail("cannot connect");
    }
    send_at_once(fd);
    (void)!send(fd, out, node_build_seed_reuse(&settings->numbers, OPENING_LEN, out), MSG_NOSIGNAL);
    g_usleep(200000); /* the server's first message comes before the rest */
    talk(settings, fd);
    close(fd);
    return NODE_OK;
}
