/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skype's fake TLS hellos: 72 octets from the client, 79 from the server, then Skype's own first message. */
#ifndef SKYPEFP_TCP_FAKE_TLS_H
#define SKYPEFP_TCP_FAKE_TLS_H

#include "streams.h"

enum {
    FAKE_CLIENT_HELLO_LEN = 72,
    FAKE_SERVER_HELLO_LEN = 79,
    FAKE_CLIENT_OPENING = 0x80, /* their first octets */
    FAKE_SERVER_OPENING = 0x16
};

/* Begins with the constant octets of the client's hello, the challenge aside; or with the server's hello. */
bool skypefp_is_fake_client(const struct direction *direction);
bool skypefp_is_fake_server(const struct direction *direction);

/* The same, asked most often of what is neither. */
static inline bool skypefp_opens_as_fake_client(const struct direction *direction)
{
    return direction->n > 0 && direction->first[0] == FAKE_CLIENT_OPENING && skypefp_is_fake_client(direction);
}

static inline bool skypefp_opens_as_fake_server(const struct direction *direction)
{
    return direction->n > 0 && direction->first[0] == FAKE_SERVER_OPENING && skypefp_is_fake_server(direction);
}

#endif
