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

bool skypefp_opens_as_tls_or_bittorrent(const struct direction *direction)
{
    static const char bittorrent[] = "\x13" "BitTorrent protocol";
    const uint8_t *p = direction->first;

    if (p == NULL || direction->n < 4) {
        return false;
    }
    bool is_tls = p[0] >= 0x14 && p[0] <= 0x18 && p[1] == 3 && p[2] <= 4;
    bool is_sslv2 = p[0] & 0x80 && p[2] == 1 && (p[3] == 3 || p[3] == 0);

    return is_tls || is_sslv2 || skypefp_opens_with(direction, bittorrent, sizeof bittorrent - 1);
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
