/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the first octets of other protocols look, for the rules that must distinguish Skype from them. */
#ifndef SKYPEFP_OPENINGS_H
#define SKYPEFP_OPENINGS_H

#include "streams.h"

/* Begins with an HTTP method and a blank (RFC 9110 section 9, PATCH of RFC 5789). */
bool skypefp_opens_as_http_request(const struct direction *direction);

/* Begins with a prefix of len octets, at least one. Nearly always the first one differs. */
static inline bool skypefp_opens_with(const struct direction *direction, const void *prefix, uint32_t len)
{
    return direction->n >= len && direction->first != NULL && direction->first[0] == *(const uint8_t *)prefix &&
           memcmp(direction->first, prefix, len) == 0;
}

/* Whether a text, in lower case, is among the first octets, of which letters count in either case. */
bool skypefp_contains(const struct direction *direction, const char *text);

/* Begins with a ClientHello in a TLS record that says a length (RFC 8446 section 4): none of Skype's messages does, so
 * there is nothing to find in what this side sends. Chance for random octets: 2^-30. */
static inline bool skypefp_opens_as_tls_client(const struct direction *direction)
{
    const uint8_t *p = direction->first;

    return direction->n >= 6 && p != NULL && p[0] == 0x16 && p[1] == 3 && p[2] <= 4 && (p[3] | p[4]) != 0 && p[5] == 1;
}

/* Begins as a binary protocol that is known by its first octets: a TLS record (RFC 8446 section 5.1), an SSLv2 hello
 * (RFC 5246 appendix E.2), a BitTorrent handshake (BEP 3), HTTP/2 (RFC 9113 section 3.4), TPKT (RFC 1006), SMB over
 * TCP ([MS-SMB2] section 2.1), SOCKS (RFC 1928), LDAP (RFC 4511), MQTT, AMQP, GIOP, JRMI, PCP of PeerCast, messages
 * preceded by their lengths (DNS over TCP, RFC 1035 section 4.2.2), or one that says its own length in its first
 * four octets (PostgreSQL, MySQL, MS-SQL, Oracle and others). Chance for random octets: below 2^-10. */
bool skypefp_opens_as_known_binary(const struct direction *direction);

/* Octets among the first n that are neither printable ASCII nor white space. */
unsigned skypefp_count_binary(const struct direction *direction, uint32_t n);

enum { LONGEST_PROBE = 18 }; /* octets of the longest one that the function below knows */

/* Names the probe of a known scanner that an initiator sent, which asks for what the two faces answer; NULL: none.
 * Source: nmap-service-probes, skypev2-version.nse. */
const char *skypefp_find_probe(const struct direction *initiator);

#endif
