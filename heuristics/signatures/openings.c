/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the first octets of other protocols look. */
#include "openings.h"

bool skypefp_contains(const struct direction *direction, const char *text)
{
    char octets[FIRST_OCTETS + 1] = { 0 };

    for (uint32_t i = 0; i < direction->n; i++) {
        octets[i] = (char)(direction->first[i] != 0 ? g_ascii_tolower((char)direction->first[i]) : ' ');
    }
    return strstr(octets, text) != NULL;
}

/* Whether a method of the function below begins with an octet. */
static bool begins_method(uint8_t octet)
{
    return octet == 'G' || octet == 'H' || octet == 'P' || octet == 'D' || octet == 'C' || octet == 'O' || octet == 'T';
}

bool skypefp_opens_as_http_request(const struct direction *direction)
{
    static const struct {
        const char *text;
        uint32_t len;
    } methods[] = {
        { "GET ", 4 },     { "HEAD ", 5 },    { "POST ", 5 },  { "PUT ", 4 },   { "DELETE ", 7 },
        { "CONNECT ", 8 }, { "OPTIONS ", 8 }, { "TRACE ", 6 }, { "PATCH ", 6 },
    };

    if (direction->n == 0 || direction->first == NULL || !begins_method(direction->first[0])) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (skypefp_opens_with(direction, methods[i].text, methods[i].len)) {
            return true;
        }
    }
    return false;
}

static bool opens_as_tls(const uint8_t p[4])
{
    bool is_record = p[0] >= 0x14 && p[0] <= 0x18 && p[1] == 3 && p[2] <= 4;
    bool is_sslv2 = p[0] & 0x80 && p[2] == 1 && (p[3] == 3 || p[3] == 0);

    return is_record || is_sslv2;
}

/* A version and a count of methods followed by as many, or a version and an answer. */
static bool opens_as_socks(const struct direction *direction)
{
    const uint8_t *p = direction->first;
    bool is_greeting = p[0] == 5 && direction->end == p[1] + 2u;
    bool is_request = (p[0] == 4 || p[0] == 5) && (p[1] <= 3 || p[1] == 0x5a) && direction->end <= 22;

    return is_greeting || is_request;
}

/* Messages preceded by their lengths in two octets, one after the other, to the end of the first segment or of all. */
static bool opens_with_lengths(const struct direction *direction)
{
    uint32_t at = 0;

    while (at + 2 <= direction->n) {
        at += 2u + read_be16(direction->first + at);
        if (at == direction->segment_end[0] || at == direction->end) {
            return true;
        }
    }
    return false;
}

/* Whether a number that ends at an offset is the length of a message: of all of it, of what follows, or of what
 * follows a header of four octets. */
static bool is_length_of(uint32_t message, uint32_t number, uint32_t number_end)
{
    return number == message || number + number_end == message || number + 4 == message;
}

static bool is_length(const struct direction *direction, uint32_t number, uint32_t number_end)
{
    return is_length_of(direction->segment_end[0], number, number_end) ||
           is_length_of(direction->end, number, number_end);
}

/* A message that says its length in two of its first four octets or in all of them, in either order. */
static bool opens_with_own_length(const struct direction *direction)
{
    const uint8_t *p = direction->first;
    uint32_t word = read_be32(p);

    for (uint32_t at = 0; at <= 2; at++) {
        uint16_t number = read_be16(p + at);
        if (is_length(direction, number, at + 2) || is_length(direction, GUINT16_SWAP_LE_BE(number), at + 2)) {
            return true;
        }
    }
    return is_length(direction, word, 4) || is_length(direction, GUINT32_SWAP_LE_BE(word), 4);
}

/* A BER sequence as long as it says, with an INTEGER first (LDAP, RFC 4511 section 4.1.1); an MQTT CONNECT. */
static bool opens_as_ldap_or_mqtt(const struct direction *direction)
{
    static const uint8_t mqtt[] = { 0x00, 0x04, 'M', 'Q', 'T', 'T' };
    const uint8_t *p = direction->first;
    bool is_ldap = p[0] == 0x30 && p[1] < 0x80 && p[1] + 2u <= direction->end && p[2] == 0x02;
    bool is_mqtt = p[0] == 0x10 && direction->n >= 8 && memcmp(p + 2, mqtt, sizeof mqtt) == 0;

    return is_ldap || is_mqtt;
}

bool skypefp_opens_as_known_binary(const struct direction *direction)
{
    static const struct {
        const char *octets;
        uint32_t len;
    } openings[] = {
        { "\x13"
          "BitTorrent protocol",
          20 },
        { "PRI * HTTP/2.0", 14 },
        { "AMQP", 4 },  /* RabbitMQ and others */
        { "GIOP", 4 },  /* CORBA */
        { "JRMI", 4 },  /* Java's RMI */
        { "pcp\n", 4 }, /* PeerCast, which sends the bare 404 too */
    };
    const uint8_t *p = direction->first;

    if (p == NULL || direction->n < 4) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (skypefp_opens_with(direction, openings[i].octets, openings[i].len)) {
            return true;
        }
    }
    bool is_tpkt = p[0] == 3 && p[1] == 0 && read_be16(p + 2) <= direction->end;
    bool is_smb = p[0] == 0 && direction->n >= 8 && (p[4] == 0xff || p[4] == 0xfe) && memcmp(p + 5, "SMB", 3) == 0;

    return opens_as_tls(p) || is_tpkt || is_smb || opens_as_socks(direction) || opens_with_lengths(direction) ||
           opens_with_own_length(direction) || opens_as_ldap_or_mqtt(direction);
}

unsigned skypefp_count_binary(const struct direction *direction, uint32_t n)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < MIN(n, direction->n); i++) {
        if (!g_ascii_isprint((char)direction->first[i]) && !g_ascii_isspace((char)direction->first[i])) {
            count++;
        }
    }
    return count;
}

/* Names the probes of scanners that ask for what the two faces answer (nmap-service-probes, skypev2-version.nse). */
const char *skypefp_find_probe(const struct direction *initiator)
{
    static const struct {
        const char *octets, *name;
    } probes[] = {
        { "GET / HTTP/1.0\r\n\r\n", "Nmap GetRequest" },
        { "random data\r\n\r\n", "Nmap skypev2-version" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(probes); i++) {
        uint32_t len = (uint32_t)strlen(probes[i].octets);
        if (initiator->end == len && skypefp_opens_with(initiator, probes[i].octets, len)) {
            return probes[i].name;
        }
    }
    return NULL;
}
