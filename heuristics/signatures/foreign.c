/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations of others, by the first octets of both sides. */
#define _GNU_SOURCE /* memmem */
#include "foreign.h"

#include "openings.h"
#include "proxy.h"

/* Begins with a ServerHello other than Skype's, which says "40 1b e4 86" where a server says the time or random octets
 * (RFC 5246 section 7.4.1.3), or with a fatal alert (RFC 8446 section 6). */
static bool opens_as_tls_server(const struct direction *direction)
{
    static const uint8_t fake_time[] = { 0x40, 0x1b, 0xe4, 0x86 };
    enum {
        HANDSHAKE = 0x16,
        ALERT = 0x15,
        SERVER_HELLO = 2,
        FATAL = 2,
        TIME_AT = 11,
        NEEDED = TIME_AT + sizeof fake_time
    };
    const uint8_t *p = direction->first;

    if (direction->n < 7 || p[1] != 3 || p[2] > 4) {
        return false;
    }
    return (p[0] == ALERT && p[3] == 0 && p[4] == 2 && p[5] == FATAL) ||
           (p[0] == HANDSHAKE && p[5] == SERVER_HELLO && direction->n >= NEEDED &&
            memcmp(p + TIME_AT, fake_time, sizeof fake_time) != 0);
}

/* Its headers end within the first octets, most often with them, or lie beyond. */
static bool is_whole_request(const struct direction *direction)
{
    enum { END_LEN = 4 };
    static const char end[END_LEN] = { '\r', '\n', '\r', '\n' };

    return skypefp_opens_as_http_request(direction) &&
           (direction->n == FIRST_OCTETS || memcmp(direction->first + direction->n - END_LEN, end, END_LEN) == 0 ||
            memmem(direction->first, direction->n, end, END_LEN) != NULL);
}

/* Skype's facade speaks HTTP/1.0. A proxy answers as a web server. */
static bool opens_as_web_server(const struct direction *direction)
{
    static const char answer[] = "HTTP/1.1 ";

    return skypefp_opens_with(direction, answer, sizeof answer - 1);
}

bool skypefp_is_foreign(const struct stream *stream)
{
    const struct direction *initiator = &stream->side[INITIATOR], *responder = &stream->side[RESPONDER];

    return (skypefp_opens_as_tls_client(initiator) && opens_as_tls_server(responder)) ||
           (skypefp_opens_as_tls_client(responder) && opens_as_tls_server(initiator)) ||
           (opens_as_web_server(responder) && is_whole_request(initiator) && !skypefp_proxy_may_begin(initiator));
}
