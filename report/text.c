/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and times as text. */
#include "text.h"

#include <arpa/inet.h>
#include <string.h>

char *report_host_text(const skypefp_address *address)
{
    char text[INET6_ADDRSTRLEN] = "";

    inet_ntop(address->len == SKYPEFP_IPV4_LEN ? AF_INET : AF_INET6, address->bytes, text, sizeof text);
    return g_strdup(text);
}

char *report_ipv4_text(uint32_t address)
{
    return g_strdup_printf("%u.%u.%u.%u", address >> 24, address >> 16 & 0xff, address >> 8 & 0xff, address & 0xff);
}

char *report_time_text(int64_t seconds, int64_t nanoseconds)
{
    bool is_fraction = nanoseconds >= 0 && nanoseconds < 1000000000;
    GDateTime *utc = is_fraction ? g_date_time_new_from_unix_utc(seconds) : NULL;

    if (utc == NULL) {
        return NULL;
    }
    char *whole = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S");
    char *text = g_strdup_printf("%s.%06dZ", whole, (int)(nanoseconds / 1000));
    g_free(whole);
    g_date_time_unref(utc);
    return text;
}

char *report_us_text(int64_t time_us)
{
    enum { SECOND = 1000000 };
    int64_t rest = time_us % SECOND;
    bool is_before = rest < 0; /* the second that begins before it */

    return report_time_text(time_us / SECOND - is_before, (is_before ? rest + SECOND : rest) * 1000);
}

char *report_endpoint_text(const char *host, int64_t port)
{
    bool is_ipv6 = strchr(host, ':') != NULL;

    return g_strdup_printf("%s%s%s:%d", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", (int)port);
}

char *report_hex_text(const uint8_t *octets, size_t n)
{
    GString *text = g_string_sized_new(2 * n);

    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(text, "%02x", octets[i]);
    }
    return g_string_free(text, FALSE);
}
