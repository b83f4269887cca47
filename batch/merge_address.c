/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads addresses with the C library. */
#include "merge_address.h"

#include "address.h"

#include <arpa/inet.h>

bool merge_is_address(const char *text)
{
    struct in6_addr address;

    return text != NULL && (inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1);
}

bool merge_is_global(const char *text)
{
    uint8_t bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, text, bytes) == 1 ? skypefp_ipv4_is_global(read_be32(bytes))
                                                : inet_pton(AF_INET6, text, bytes) == 1 && (bytes[0] & 0xe0) == 0x20;
}
