/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations whose first octets show that both sides speak another protocol: no need to watch them to their end. */
#ifndef SKYPEFP_FOREIGN_H
#define SKYPEFP_FOREIGN_H

#include "streams.h"

/* Whether a server of TLS has answered a client of TLS, or a web server a whole request over HTTP/1.1: no signature of
 * the first octets finds anything in what follows. One side alone shows nothing of the other: Skype answers whatever it
 * is sent. */
bool skypefp_is_foreign(const struct stream *stream);

#endif
