/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listening side of the test node: two faces on TCP, acks and NAKs on UDP, one port number for both. */
#define _POSIX_C_SOURCE 200809L
#include "node.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 64, ASKERS_MAX = 1024, IN_MAX = 4096, PATIENCE_US = 15000000, TICK_MS = 50, BIND_TRIES = 32 };

enum face { FACE_UNDECIDED, FACE_HTTP, FACE_FAKE_TLS, FACE_BINARY };

struct connection {
    int fd;           /* -1: free */
    enum face face;   /* once decided, the first answer has been sent */
    bool said_second; /* bare form: the 4 bytes have been sent as well */
    size_t n_in;
    uint8_t in[IN_MAX];                 /* what came before the face was decided */
    uint8_t first[NODE_BARE_FIRST_LEN]; /* bare form: the first answer */
    int64_t close_us;                   /* monotonic time at which it is closed */
};

struct server {
    struct node_settings *settings;
    int tcp, udp;
    struct connection connections[CONNECTIONS_MAX];
    GHashTable *known; /* askers (address and port) whose resend has come: they get acks, all others NAKs */
};

/* The request line decides: the rest of an HTTP request is not waited for. OPTIONS is not among the words: Nmap's
 * script expects the binary answer to it. */
static enum face recognise_http(const uint8_t *in, size_t n)
{
    static const char *const words[] = { "GET ", "HEAD ", "POST " };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        size_t len = strlen(words[i]);

        if (memcmp(in, words[i], MIN(n, len)) == 0) {
            return n > len && memchr(in, '\n', n) ? FACE_HTTP : FACE_UNDECIDED;
        }
    }
    return FACE_BINARY;
}

static enum face recognise(const struct connection *connection, enum node_form form)
{
    size_t n = connection->n_in;

    if (form == NODE_FORM_FAKE_TLS &&
        memcmp(connection->in, node_fake_hello_constant, MIN(n, (size_t)NODE_FAKE_HELLO_CONSTANT_LEN)) == 0) {
        return n >= NODE_FAKE_HELLO_LEN ? FACE_FAKE_TLS : FACE_UNDECIDED;
    }
    return n == IN_MAX ? FACE_BINARY : recognise_http(connection->in, n);
}

static void say(const struct connection *connection, const void *bytes, size_t len)
{
    (void)!send(connection->fd, bytes, len, MSG_NOSIGNAL); /* a peer that has gone is seen by the next read */
}

static size_t build_first_message(struct node_settings *settings, struct connection *connection, uint8_t *out)
{
    switch (settings->form) {
    case NODE_FORM_BARE:
        node_build_bare_first(&settings->numbers, connection->first);
        memcpy(out, connection->first, NODE_BARE_FIRST_LEN);
        return NODE_BARE_FIRST_LEN;
    case NODE_FORM_PADDING_RUN:
        return node_build_padding_run(&settings->numbers, 98, out);
    default:
        return node_build_seed_reuse(&settings->numbers, 37, out);
    }
}

static void answer_first(struct node_settings *settings, struct connection *connection)
{
    uint8_t out[NODE_MESSAGE_MAX];

    if (connection->face == FACE_HTTP) {
        say(connection, settings->http_answer, strlen(settings->http_answer));
        shutdown(connection->fd, SHUT_WR);
    } else if (connection->face == FACE_FAKE_TLS) {
        say(connection, out, node_build_fake_server_hello(out));
    } else if (connection->face == FACE_BINARY) {
        say(connection, out, build_first_message(settings, connection, out));
    }
}

/* Only version 1.x has a second answer that outsiders can tell from random bytes. */
static void answer_second(struct node_settings *settings, struct connection *connection)
{
    uint8_t out[NODE_MESSAGE_MAX];

    if (settings->form != NODE_FORM_BARE || connection->face != FACE_BINARY || connection->said_second) {
        return;
    }
    say(connection, out, node_build_bare_second(&settings->numbers, connection->first, out));
    connection->said_second = true;
}

static void close_connection(struct connection *connection)
{
    close(connection->fd);
    connection->fd = -1;
}

/* After the answer everything is read and dropped until the peer closes or is silent, so that the close is a FIN,
 * not a reset. */
static void read_connection(struct node_settings *settings, struct connection *connection)
{
    uint8_t dropped[IN_MAX];
    bool decided = connection->face != FACE_UNDECIDED;
    ssize_t n = decided ? recv(connection->fd, dropped, sizeof dropped, 0)
                        : recv(connection->fd, connection->in + connection->n_in, IN_MAX - connection->n_in, 0);

    if (n <= 0) {
        close_connection(connection);
        return;
    }
    if (decided) {
        answer_second(settings, connection);
        if (settings->answers) {
            node_answer_talk(settings, connection->fd, (size_t)n);
        }
    } else {
        connection->n_in += (size_t)n;
        connection->face = recognise(connection, settings->form);
        answer_first(settings, connection);
    }
    if (connection->face != FACE_UNDECIDED) {
        connection->close_us = g_get_monotonic_time() + settings->idle_us;
    }
}

static void accept_connection(struct server *server)
{
    int fd = accept(server->tcp, NULL, NULL);

    for (size_t i = 0; fd >= 0 && i < CONNECTIONS_MAX; i++) {
        if (server->connections[i].fd < 0) {
            memset(&server->connections[i], 0, sizeof server->connections[i]);
            server->connections[i].fd = fd;
            server->connections[i].close_us = g_get_monotonic_time() + PATIENCE_US;
            return;
        }
    }
    if (fd >= 0) {
        close(fd); /* all places taken */
    }
}

static bool is_payload(const uint8_t *datagram, ssize_t len)
{
    return len >= NODE_PAYLOAD_MIN && datagram[2] == NODE_PAYLOAD;
}

static bool is_resend(const uint8_t *datagram, ssize_t len)
{
    return len >= NODE_PAYLOAD_MIN + NODE_RESEND_MORE && (datagram[2] & 0x8f) == NODE_RESEND && datagram[3] == 1;
}

static void remember_asker(struct server *server, gint64 asker)
{
    if (g_hash_table_size(server->known) >= ASKERS_MAX) {
        g_hash_table_remove_all(server->known);
    }
    g_hash_table_add(server->known, g_memdup2(&asker, sizeof asker));
}

static void answer_datagram(struct server *server)
{
    struct node_settings *settings = server->settings;
    struct sockaddr_in from;
    socklen_t from_len = sizeof from;
    uint8_t in[IN_MAX], out[NODE_MESSAGE_MAX];
    ssize_t len = recvfrom(server->udp, in, sizeof in, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);

    if (!is_payload(in, len) && !is_resend(in, len)) {
        return;
    }
    gint64 asker = (gint64)ntohl(from.sin_addr.s_addr) << 16 | ntohs(from.sin_port);
    if (is_resend(in, len)) {
        remember_asker(server, asker);
    }
    enum node_function function = g_hash_table_contains(server->known, &asker) ? NODE_ACK : NODE_NAK;
    const uint8_t *seen = settings->has_public_address ? settings->public_address : (const uint8_t *)&from.sin_addr;
    size_t out_len = node_build_reply(&settings->numbers, function, in, seen, out);
    (void)!sendto(server->udp, out, out_len, MSG_NOSIGNAL, (struct sockaddr *)&from, from_len);
}

/* Waits for at most a tick, then serves what is ready and closes what has been silent for too long. */
static void serve_ready(struct server *server)
{
    struct pollfd polls[2 + CONNECTIONS_MAX] = { { .fd = server->tcp, .events = POLLIN },
                                                 { .fd = server->udp, .events = POLLIN } };

    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        polls[2 + i] = (struct pollfd){ .fd = server->connections[i].fd, .events = POLLIN };
    }
    if (poll(polls, G_N_ELEMENTS(polls), TICK_MS) < 0) {
        return;
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (polls[2 + i].revents) {
            read_connection(server->settings, &server->connections[i]);
        } else if (server->connections[i].fd >= 0 && g_get_monotonic_time() >= server->connections[i].close_us) {
            close_connection(&server->connections[i]);
        }
    }
    if (polls[0].revents) {
        accept_connection(server);
    }
    if (polls[1].revents) {
        answer_datagram(server);
    }
}

/* Binds both sockets to one port number; writes it to local. */
static bool bind_both(struct server *server, struct sockaddr_in *local)
{
    socklen_t len = sizeof *local;
    int yes = 1;

    server->tcp = socket(AF_INET, SOCK_STREAM, 0);
    server->udp = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(server->tcp, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server->tcp, (struct sockaddr *)local, len) == 0 &&
        getsockname(server->tcp, (struct sockaddr *)local, &len) == 0 &&
        bind(server->udp, (struct sockaddr *)local, len) == 0 && listen(server->tcp, CONNECTIONS_MAX) == 0) {
        return true;
    }
    int reason = errno;
    close(server->tcp);
    close(server->udp);
    errno = reason;
    return false;
}

static bool open_port(struct server *server)
{
    int tries = server->settings->local.sin_port == 0 ? BIND_TRIES : 1;

    for (int i = 0; i < tries; i++) {
        struct sockaddr_in local = server->settings->local;

        if (bind_both(server, &local)) {
            server->settings->local = local;
            return true;
        }
    }
    return false;
}

int node_serve(struct node_settings *settings)
{
    struct server *server = g_new0(struct server, 1);
    int status = NODE_FAILED;

    server->settings = settings;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        server->connections[i].fd = -1;
    }
    if (open_port(server)) {
        server->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        printf("port %u\n", ntohs(settings->local.sin_port));
        fflush(stdout);
        while (!node_is_over(settings)) {
            serve_ready(server);
        }
        g_hash_table_destroy(server->known);
        status = NODE_OK;
    } else {
        node_fail("cannot listen");
    }
    g_free(server);
    return status;
}
