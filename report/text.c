/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and times as text. */
#include "text.h"

#include <arpa/inet.h>

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
