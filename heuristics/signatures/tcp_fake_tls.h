/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skype's fake TLS hellos: 72 octets from the client, 79 from the server, then Skype's own first message. */
#ifndef SKYPEFP_TCP_FAKE_TLS_H
#define SKYPEFP_TCP_FAKE_TLS_H

#include "streams.h"

enum { FAKE_CLIENT_HELLO_LEN = 72, FAKE_SERVER_HELLO_LEN = 79 };

/* Begins with the constant octets of the client's hello, the challenge aside. */
bool skypefp_opens_as_fake_client(const struct direction *direction);

/* Begins with the server's hello. */
bool skypefp_opens_as_fake_server(const struct direction *direction);

#endif
