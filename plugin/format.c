/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, ports and sums as text. */
#include "format.h"

#include <epan/to_str.h>

char *skypefp_format_host(wmem_allocator_t *scope, const skypefp_address *from)
{
    address addr;

    set_address(&addr, from->len == SKYPEFP_IPV4_LEN ? AT_IPv4 : AT_IPv6, from->len, from->bytes);
    return address_to_str(scope, &addr);
}

char *skypefp_format_address(wmem_allocator_t *scope, const skypefp_address *from)
{
    char *host = skypefp_format_host(scope, from);
    char *text = wmem_strdup_printf(scope, from->len == SKYPEFP_IPV4_LEN ? "%s:%u" : "[%s]:%u", host, from->port);

    wmem_free(scope, host);
    return text;
}

char *skypefp_format_ipv4(wmem_allocator_t *scope, uint32_t host_order)
{
    return wmem_strdup_printf(scope, "%u.%u.%u.%u", host_order >> 24, host_order >> 16 & 0xff, host_order >> 8 & 0xff,
                              host_order & 0xff);
}

char *skypefp_format_seconds(wmem_allocator_t *scope, int64_t us)
{
    return wmem_strdup_printf(scope, "%" PRId64 ".%03d", us / 1000000, (int)(us % 1000000 / 1000));
}

char *skypefp_format_sum(wmem_allocator_t *scope, const skypefp_judgement *judgement)
{
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");
    int groups[SKYPEFP_N_GROUPS];

    skypefp_endpoint_groups(judgement->endpoint, groups);
    if (judgement->associated) {
        groups[SKYPEFP_GROUP_PEER] = SKYPEFP_PEER_BITS;
    }
    if (judgement->on_proven_host) {
        groups[SKYPEFP_GROUP_HOST] = SKYPEFP_HOST_BITS;
    }
    for (unsigned i = 0; i < SKYPEFP_N_GROUPS; i++) {
        if (groups[i] > 0) {
            wmem_strbuf_append_printf(text, "%s%s %d", wmem_strbuf_get_len(text) > 0 ? " + " : "", skypefp_group_key(i),
                                      groups[i]);
        }
    }
    wmem_strbuf_append_printf(text, " - prior %d = %d bits: %s%s", -SKYPEFP_PRIOR_BITS, judgement->bits,
                              skypefp_verdict_name(judgement->verdict),
                              judgement->associated ? " (at most likely, by association)" : "");
    return wmem_strbuf_finalize(text);
}

char *skypefp_format_rules(wmem_allocator_t *scope, const skypefp_endpoint *endpoint, bool is_associated)
{
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");
    unsigned n;
    const skypefp_tally *tallies = skypefp_endpoint_tallies(endpoint, &n);

    for (unsigned i = 0; i < n; i++) {
        wmem_strbuf_append_printf(text, "%s%s", i > 0 ? " " : "", skypefp_rule_at(tallies[i].rule)->key);
    }
    if (is_associated) {
        wmem_strbuf_append_printf(text, "%sendpoint.peer", n > 0 ? " " : "");
    }
    return wmem_strbuf_finalize(text);
}
