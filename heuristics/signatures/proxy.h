/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proxies that a conversation runs through: what follows their handshake is judged as if the conversation began
 * there.
 *
 *   SOCKS4, 4a   client 04 01 port(2) address(4) user 00 [name 00]         server 00 5A 6 octets
 *   SOCKS5       client 05 n methods(n)                                    server 05 method
 *                [client 01 ulen user plen password                        server 01 00]            with method 2
 *                client 05 01 00 type target port(2)                       server 05 00 00 type address port(2)
 *   HTTP         client "CONNECT target:port HTTP/1." … blank line         server "HTTP/1.x 200" … blank line
 *
 * Sources: SOCKS 4 (Leech) and 4a, RFC 1928, RFC 1929, RFC 9110 section 9.3.6. */
#ifndef SKYPEFP_PROXY_H
#define SKYPEFP_PROXY_H

#include "streams.h"

enum { SOCKS4_VERSION = 4, SOCKS5_VERSION = 5, CONNECT_OPENING = 'C' };

/* Whether the first octet of the initiator is that of a handshake. */
static inline bool skypefp_proxy_may_begin(const struct direction *initiator)
{
    return initiator->n > 0 && (initiator->first[0] == SOCKS4_VERSION || initiator->first[0] == SOCKS5_VERSION ||
                                initiator->first[0] == CONNECT_OPENING);
}

/* Looks for a whole handshake on both sides. When it is there, the stream's directions begin after it, and the
 * stream knows whom the proxy connects it to. True: that happened just now. */
bool skypefp_proxy_pass(struct stream *stream);

#endif
