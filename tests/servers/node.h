/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test node's settings and its two modes: a node that listens, and a client that talks to one. */
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
    struct node_numbers numbers;
};

/* Serves until the end or SIGTERM; prints "port N" when ready. Returns an exit code. */
int node_serve(struct node_settings *settings);

/* Sends count payloads, resends what is refused, prints what came of it. Returns an exit code. */
int node_send_payloads(struct node_settings *settings, const struct sockaddr_in *peer, int count);

/* Opens one connection, sends the first message of its form, prints what came back. Returns an exit code. */
int node_open_connection(struct node_settings *settings, const struct sockaddr_in *peer);

/* True once SIGTERM or SIGINT came or the time is over. */
bool node_is_over(const struct node_settings *settings);

/* Says what failed on stderr, with errno's reason, and returns NODE_FAILED. */
int node_fail(const char *what);

#endif
