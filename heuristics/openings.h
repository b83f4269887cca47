/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the first octets of other protocols look, for the rules that must tell Skype from them. */
#ifndef SKYPEFP_OPENINGS_H
#define SKYPEFP_OPENINGS_H

#include "streams.h"

/* Begins with an HTTP method and a blank (RFC 9110 section 9, PATCH of RFC 5789). */
bool skypefp_opens_as_http_request(const struct direction *direction);

/* Begins with a prefix of len octets. */
bool skypefp_opens_with(const struct direction *direction, const void *prefix, uint32_t len);

/* Begins as a binary protocol that is known by its first octets: a TLS record (RFC 8446 section 5.1), an SSLv2 hello (RFC 5246
 * appendix E.2), a BitTorrent handshake (BEP 3), HTTP/2 (RFC 9113 section 3.4), TPKT (RFC 1006), SMB over TCP ([MS-SMB2]
 * section 2.1), SOCKS (RFC 1928), LDAP (RFC 4511), MQTT, or messages that say their own length in two octets (DNS over TCP, RFC
 * 1035 section 4.2.2) or in four (PostgreSQL and others). */
bool skypefp_opens_as_known_binary(const struct direction *direction);

/* Octets among the first n that are neither printable ASCII nor white space. */
unsigned skypefp_count_binary(const struct direction *direction, uint32_t n);

#endif
