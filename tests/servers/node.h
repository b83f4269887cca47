/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test node's settings and its modes: a node that listens, a client that talks to one, and what follows the first
 * words: a path that is kept alive, and a conversation with a server. */
#ifndef NODE_H
#define NODE_H

#include "node_messages.h"

#include <netinet/in.h>
#include <stdbool.h>

enum node_form { NODE_FORM_BARE, NODE_FORM_SEED_REUSE, NODE_FORM_FAKE_TLS, NODE_FORM_PADDING_RUN };

enum { NODE_OK = 0, NODE_FAILED = 1, NODE_USAGE = 2 }; /* exit codes */

struct node_settings {
    struct sockaddr_in local; /* port 0: any free one */
    bool has_public_address;
    uint8_t public_address[4]; /* what acks and NAKs say in place of the asker's address */
    enum node_form form;
    const char *http_answer; /* the whole answer to an HTTP request */
    int64_t idle_us;         /* how long a binary connection lives after its last bytes */
    int64_t end_us;          /* g_get_monotonic_time() at which everything ends */
    int64_t keepalive_us;    /* between two keep-alives of a path */
    int64_t clock_us;        /* between two small messages of a conversation with a server */
    bool sends_file;         /* on a path */
    bool is_login;           /* the server is one of port 12350, no supernode */
    bool answers;            /* a node that listens answers every message of a conversation, as servers do */
    struct node_numbers numbers;
};

/* Serves until the end or SIGTERM; prints "port N" when ready. Returns an exit code. */
int node_serve(struct node_settings *settings);

/* Sends count payloads, resends what is refused, prints what came of it. Returns an exit code. */
int node_send_payloads(struct node_settings *settings, const struct sockaddr_in *peer, int count);

/* Opens one connection, sends the first message of its form, prints what came back. Returns an exit code. */
int node_open_connection(struct node_settings *settings, const struct sockaddr_in *peer);

/* Keeps a path to a peer that does the same alive until the end, with payloads, and data as in a call and as of a file.
 * Returns an exit code. */
int node_keep_path(struct node_settings *settings, const struct sockaddr_in *peer);

/* Opens a connection, sends the first message of seed-reuse and then what a client of Skype's servers says, until the
 * end. Returns an exit code. */
int node_talk(struct node_settings *settings, const struct sockaddr_in *peer);

/* What a server answers to a message of len octets of such a client. */
void node_answer_talk(struct node_settings *settings, int fd, size_t len);

/* A socket from the node's address, to a peer; UDP from its port as well, TCP from an ephemeral one. -1: errno says
 * why. The caller closes it. */
int node_open_udp(const struct node_settings *settings, const struct sockaddr_in *peer);
int node_open_tcp(const struct node_settings *settings, const struct sockaddr_in *peer);

/* True once SIGTERM or SIGINT came or the time is over. */
bool node_is_over(const struct node_settings *settings);

/* Says what failed on stderr, with errno's reason, and returns NODE_FAILED. */
int node_fail(const char *what);

#endif
