/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The asking side of the test node: payloads on UDP with their resends, and one TCP connection of a given form. */
#define _POSIX_C_SOURCE 200809L
#include "node.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MS = 300, TRIES = 2, IN_MAX = 4096 };

struct tally {
    unsigned sent, refused, resent, acknowledged, unanswered;
};

static bool wait_readable(int fd, int timeout_ms)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

    return poll(&poll_fd, 1, timeout_ms) > 0;
}

/* The function of the reply to the datagram that begins with id; 0 when none came in time. Other datagrams are
 * dropped. */
static int await_reply(int fd, const uint8_t id[2], uint8_t reply[NODE_REPLY_LEN])
{
    while (wait_readable(fd, ANSWER_MS)) {
        uint8_t in[IN_MAX];
        ssize_t len = recv(fd, in, sizeof in, 0);

        if (len < 0) {
            return 0; /* an ICMP error: nobody listens */
        }
        if (len != NODE_REPLY_LEN || memcmp(in, id, 2) != 0) {
            continue;
        }
        memcpy(reply, in, NODE_REPLY_LEN);
        return in[2] & 0x8f;
    }
    return 0;
}

/* One message: sent again with a new IV when nothing comes, resent with the challenge when it is refused. */
static void ask_once(struct node_settings *settings, int fd, const struct sockaddr_in *peer, struct tally *tally)
{
    uint16_t id = node_next_id(&settings->numbers);
    uint32_t crc = g_rand_int(settings->numbers.random);
    size_t ciphertext_len = (size_t)g_rand_int_range(settings->numbers.random, 7, 64);
    uint8_t request[NODE_MESSAGE_MAX], reply[NODE_REPLY_LEN];
    size_t len = 0;
    int answer = 0;

    for (int try = 0; try < TRIES && answer == 0 && !node_is_over(settings); try++) {
        len = node_build_payload(&settings->numbers, id, crc, ciphertext_len, request);
        tally->sent += send(fd, request, len, MSG_NOSIGNAL) >= 0;
        answer = await_reply(fd, request, reply);
    }
    if (answer == NODE_NAK) {
        uint8_t resend[NODE_MESSAGE_MAX];
        tally->refused++;
        len = node_build_resend(&settings->numbers, request, len, reply, (const uint8_t *)&peer->sin_addr, resend);
        tally->resent += send(fd, resend, len, MSG_NOSIGNAL) >= 0;
        answer = await_reply(fd, request, reply);
    }
    tally->acknowledged += answer == NODE_ACK;
    tally->unanswered += answer == 0;
}

/* A socket of this kind, bound and connected; -1, with errno, if that fails. */
static int open_socket(int type, const struct sockaddr_in *local, const struct sockaddr_in *peer)
{
    int fd = socket(AF_INET, type, 0);

    if (fd >= 0 && (bind(fd, (const struct sockaddr *)local, sizeof *local) < 0 ||
                    connect(fd, (const struct sockaddr *)peer, sizeof *peer) < 0)) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

int node_open_udp(const struct node_settings *settings, const struct sockaddr_in *peer)
{
    return open_socket(SOCK_DGRAM, &settings->local, peer);
}

int node_open_tcp(const struct node_settings *settings, const struct sockaddr_in *peer)
{
    struct sockaddr_in local = { .sin_family = AF_INET, .sin_addr = settings->local.sin_addr };

    return open_socket(SOCK_STREAM, &local, peer);
}

int node_send_payloads(struct node_settings *settings, const struct sockaddr_in *peer, int count)
{
    int fd = node_open_udp(settings, peer);
    struct tally tally = { 0 };

    if (fd < 0) {
        return node_fail("cannot send from this port");
    }
    for (int i = 0; i < count && !node_is_over(settings); i++) {
        ask_once(settings, fd, peer, &tally);
    }
    close(fd);
    printf("udp sent %u refused %u resent %u acknowledged %u unanswered %u\n", tally.sent, tally.refused, tally.resent,
           tally.acknowledged, tally.unanswered);
    return NODE_OK;
}

/* Sends and reads until the peer is silent or closes; how many bytes came. */
static size_t exchange(int fd, const uint8_t *out, size_t len)
{
    size_t received = 0;

    if (send(fd, out, len, MSG_NOSIGNAL) < 0) {
        return 0;
    }
    while (wait_readable(fd, ANSWER_MS)) {
        uint8_t in[IN_MAX];
        ssize_t n = recv(fd, in, sizeof in, 0);

        if (n <= 0) {
            break;
        }
        received += (size_t)n;
    }
    return received;
}

/* What a client of this form says, in turns. Returns how many bytes came back. */
static size_t converse(struct node_settings *settings, int fd)
{
    struct node_numbers *numbers = &settings->numbers;
    uint8_t out[NODE_MESSAGE_MAX];
    size_t received = 0;

    switch (settings->form) {
    case NODE_FORM_FAKE_TLS:
        received = exchange(fd, out, node_build_fake_client_hello(numbers, out));
        return received + exchange(fd, out, node_build_seed_reuse(numbers, 54, out));
    case NODE_FORM_PADDING_RUN:
        received = exchange(fd, out, node_build_padding_run(numbers, 57, out));
        return received + exchange(fd, out, node_build_opaque(numbers, 8, out));
    default:
        received = exchange(fd, out, node_build_seed_reuse(numbers, 29, out));
        return received + exchange(fd, out, node_build_opaque(numbers, 12, out));
    }
}

int node_open_connection(struct node_settings *settings, const struct sockaddr_in *peer)
{
    int fd = node_open_tcp(settings, peer);

    if (fd < 0) {
        return node_fail("cannot connect");
    }
    printf("tcp received %zu\n", converse(settings, fd));
    close(fd);
    return NODE_OK;
}
