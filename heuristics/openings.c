/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the first octets of other protocols look. */
#include "openings.h"

bool skypefp_opens_with(const struct direction *direction, const void *prefix, uint32_t len)
{
    return direction->first != NULL && direction->n >= len && memcmp(direction->first, prefix, len) == 0;
}

bool skypefp_opens_as_http_request(const struct direction *direction)
{
    static const char *const methods[] = {
        "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (skypefp_opens_with(direction, methods[i], (uint32_t)strlen(methods[i]))) {
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

/* A version and a count of methods with as many behind it, or a version and an answer. */
static bool opens_as_socks(const struct direction *direction)
{
    const uint8_t *p = direction->first;
    bool is_greeting = p[0] == 5 && direction->end == p[1] + 2u;
    bool is_request = (p[0] == 4 || p[0] == 5) && (p[1] <= 3 || p[1] == 0x5a) && direction->end <= 22;

    return is_greeting || is_request;
}

bool skypefp_opens_as_known_binary(const struct direction *direction)
{
    static const char bittorrent[] = "\x13" "BitTorrent protocol", http2[] = "PRI * HTTP/2.0";
    const uint8_t *p = direction->first;

    if (p == NULL || direction->n < 4) {
        return false;
    }
    bool is_tpkt = p[0] == 3 && p[1] == 0 && read_be16(p + 2) <= direction->end;
    bool is_smb = p[0] == 0 && direction->n >= 8 && (p[4] == 0xff || p[4] == 0xfe) && memcmp(p + 5, "SMB", 3) == 0;
    bool is_length = read_be16(p) + 2u == direction->end;

    return opens_as_tls(p) || is_tpkt || is_smb || is_length || opens_as_socks(direction) ||
           skypefp_opens_with(direction, bittorrent, sizeof bittorrent - 1) ||
           skypefp_opens_with(direction, http2, sizeof http2 - 1);
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
