/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proxies that a conversation runs through: reads both sides of their handshakes. */
#include "proxy.h"

#include "openings.h"

enum { CONNECT_COMMAND = 1, SOCKS4_GRANTED = 0x5a, SOCKS4_REPLY_LEN = 8, MAX_NAME = 255 };
enum { TYPE_IPV4 = 1, TYPE_NAME = 3, TYPE_IPV6 = 4 };

/* The lengths of the two sides of a handshake, and whom it names; client 0: not a handshake, or not all of it yet. */
struct handshake {
    uint32_t client, server;
    uint8_t type;          /* TYPE_… of the target */
    const uint8_t *target; /* the address, or the name */
    uint32_t target_len;
    uint16_t port;
};

/* The octet at an offset, or -1 when it is not there. */
static int octet_at(const struct direction *direction, uint32_t at)
{
    return at < direction->n ? direction->first[at] : -1;
}

/* The offset after the first octet of a value from an offset on; 0: none. */
static uint32_t find_after(const struct direction *direction, uint32_t at, uint8_t value)
{
    const uint8_t *found = at < direction->n ? memchr(direction->first + at, value, direction->n - at) : NULL;

    return found != NULL ? (uint32_t)(found - direction->first) + 1 : 0;
}

static struct handshake read_socks4(const struct direction *client, const struct direction *server)
{
    struct handshake handshake = { .type = TYPE_IPV4 };
    uint32_t end = octet_at(client, 1) == CONNECT_COMMAND ? find_after(client, 8, 0) : 0;

    if (end == 0 || server->n < SOCKS4_REPLY_LEN || server->first[0] != 0 || server->first[1] != SOCKS4_GRANTED) {
        return handshake;
    }
    handshake.port = read_be16(client->first + 2);
    handshake.target = client->first + 4;
    handshake.target_len = SKYPEFP_IPV4_LEN;
    if (read_be32(handshake.target) != 0 && read_be32(handshake.target) <= 0xff) { /* 0.0.0.x: a name follows */
        uint32_t name_end = find_after(client, end, 0);
        handshake.type = TYPE_NAME;
        handshake.target = client->first + end;
        handshake.target_len = name_end > 0 ? name_end - 1 - end : 0;
        end = name_end;
    }
    handshake.client = end;
    handshake.server = SOCKS4_REPLY_LEN;
    return handshake;
}

/* The length of a type, an address and a port at an offset; 0: not there. */
static uint32_t address_len(const struct direction *direction, uint32_t at)
{
    int type = octet_at(direction, at), name_len = octet_at(direction, at + 1);
    uint32_t len = type == TYPE_IPV4                   ? 1 + SKYPEFP_IPV4_LEN + 2
                   : type == TYPE_IPV6                 ? 1 + SKYPEFP_IPV6_LEN + 2
                   : type == TYPE_NAME && name_len > 0 ? 2 + (uint32_t)name_len + 2
                                                       : 0;

    return len > 0 && at + len <= direction->n ? len : 0;
}

static struct handshake read_socks5(const struct direction *client, const struct direction *server)
{
    struct handshake handshake = { 0 };
    uint32_t at = 2 + (uint32_t)MAX(octet_at(client, 1), 0), from = 2;
    int method = octet_at(server, 1);

    if (octet_at(server, 0) != SOCKS5_VERSION || octet_at(client, 1) < 1 || (method != 0 && method != 2)) {
        return handshake;
    }
    if (method == 2) { /* user and password */
        int user_len = octet_at(client, at + 1), password_len = octet_at(client, at + 2 + (uint32_t)MAX(user_len, 0));
        if (octet_at(client, at) != 1 || user_len < 0 || password_len < 0 || octet_at(server, 2) != 1 ||
            octet_at(server, 3) != 0) {
            return handshake;
        }
        at += 3 + (uint32_t)user_len + (uint32_t)password_len;
        from += 2;
    }
    uint32_t target_len = address_len(client, at + 3), bound_len = address_len(server, from + 3);
    bool is_request = octet_at(client, at) == SOCKS5_VERSION && octet_at(client, at + 1) == CONNECT_COMMAND;
    bool is_granted = octet_at(server, from) == SOCKS5_VERSION && octet_at(server, from + 1) == 0;

    if (is_request && is_granted && target_len > 0 && bound_len > 0) {
        uint32_t skipped = octet_at(client, at + 3) == TYPE_NAME ? 2 : 1;
        handshake.type = client->first[at + 3];
        handshake.target = client->first + at + 3 + skipped;
        handshake.target_len = target_len - skipped - 2;
        handshake.port = read_be16(client->first + at + 3 + target_len - 2);
        handshake.client = at + 3 + target_len;
        handshake.server = from + 3 + bound_len;
    }
    return handshake;
}

/* The end of an HTTP header: after its blank line, or all that there is when the header is longer than what is kept
 * of it. The client waits for the answer, and the target for the client. */
static uint32_t header_end(const struct direction *direction)
{
    for (uint32_t at = 0; at + 4 <= direction->n; at++) {
        if (memcmp(direction->first + at, "\r\n\r\n", 4) == 0) {
            return at + 4;
        }
    }
    return direction->n == FIRST_OCTETS && direction->end > FIRST_OCTETS ? direction->end : 0;
}

static bool is_connected(const struct direction *server)
{
    return server->n >= 12 && memcmp(server->first, "HTTP/1.", 7) == 0 && memcmp(server->first + 8, " 200", 4) == 0;
}

static struct handshake read_connect(const struct direction *client, const struct direction *server)
{
    static const char method[] = "CONNECT ";
    enum { METHOD_LEN = sizeof method - 1 };
    struct handshake handshake = { .type = TYPE_NAME };
    uint32_t target_end = find_after(client, METHOD_LEN, ' ');

    if (!skypefp_opens_with(client, method, METHOD_LEN) || target_end == 0 || !is_connected(server)) {
        return handshake;
    }
    handshake.target = client->first + METHOD_LEN;
    handshake.target_len = target_end - 1 - METHOD_LEN;
    handshake.server = header_end(server);
    handshake.client = handshake.server > 0 ? header_end(client) : 0;
    return handshake;
}

static struct handshake read_handshake(const struct stream *stream)
{
    const struct direction *client = &stream->side[INITIATOR], *server = &stream->side[RESPONDER];

    if (client->is_late || server->is_late || client->n < 2 || server->n < 2) {
        return (struct handshake){ 0 };
    }
    switch (client->first[0]) {
    case SOCKS4_VERSION:
        return read_socks4(client, server);
    case SOCKS5_VERSION:
        return read_socks5(client, server);
    case CONNECT_OPENING:
        return read_connect(client, server);
    default:
        return (struct handshake){ 0 };
    }
}

/* An IPv4 address and port in text, as CONNECT gives it. */
static bool read_ipv4_text(const char *text, uint8_t bytes[SKYPEFP_IPV4_LEN], uint16_t *port)
{
    unsigned number[5] = { 0 }, n = 0, digits = 0;
    static const char separators[] = "...:";

    for (const char *c = text; n < 5; c++) {
        if (g_ascii_isdigit(*c) && digits < 5) {
            number[n] = number[n] * 10 + (unsigned)(*c - '0');
            digits++;
        } else if (digits == 0 || *c != (n < 4 ? separators[n] : '\0') || number[n] > (n < 4 ? 255u : 65535u)) {
            return false;
        } else {
            n++;
            digits = 0;
        }
    }
    for (unsigned i = 0; i < SKYPEFP_IPV4_LEN; i++) {
        bytes[i] = (uint8_t)number[i];
    }
    *port = (uint16_t)number[4];
    return true;
}

static void set_target(struct stream *stream, const uint8_t *bytes, uint8_t len, uint16_t port)
{
    stream->target = (struct endpoint_key){ .port = port, .len = len };
    memcpy(stream->target.bytes, bytes, len);
    stream->has_target = true;
}

/* "203.0.113.7:443", "[2001:db8::7]:443" or "name:443": control characters of a hostile name become dots. */
static void name_target(struct stream *stream, const struct handshake *handshake)
{
    GString *text = g_string_new(NULL);
    bool has_port = handshake->port == 0 && handshake->type == TYPE_NAME; /* CONNECT names the port in the text */
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    uint16_t port;

    if (handshake->type == TYPE_IPV4) {
        g_string_printf(text, "%u.%u.%u.%u", handshake->target[0], handshake->target[1], handshake->target[2],
                        handshake->target[3]);
    } else if (handshake->type == TYPE_IPV6) {
        for (unsigned i = 0; i < SKYPEFP_IPV6_LEN; i += 2) {
            g_string_append_printf(text, "%s%x", i == 0 ? "[" : ":", read_be16(handshake->target + i));
        }
        g_string_append_c(text, ']');
    }
    for (uint32_t i = 0; handshake->type == TYPE_NAME && i < MIN(handshake->target_len, MAX_NAME); i++) {
        g_string_append_c(text, g_ascii_isgraph((char)handshake->target[i]) ? (char)handshake->target[i] : '.');
    }
    if (!has_port) {
        g_string_append_printf(text, ":%u", handshake->port);
    }
    if (handshake->type != TYPE_NAME) {
        set_target(stream, handshake->target, (uint8_t)handshake->target_len, handshake->port);
    } else if (read_ipv4_text(text->str, bytes, &port)) {
        set_target(stream, bytes, SKYPEFP_IPV4_LEN, port);
    }
    stream->is_name_only = !stream->has_target;
    stream->finding.target = g_string_free(text, FALSE);
}

bool skypefp_proxy_pass(struct stream *stream)
{
    struct handshake handshake = stream->finding.target == NULL ? read_handshake(stream) : (struct handshake){ 0 };

    if (handshake.client == 0) {
        return false;
    }
    name_target(stream, &handshake);
    skypefp_direction_skip(&stream->side[INITIATOR], handshake.client);
    skypefp_direction_skip(&stream->side[RESPONDER], handshake.server);
    skypefp_talk_clear(&stream->talk);
    stream->talk = (struct talk){ .n = 0 };
    return true;
}
