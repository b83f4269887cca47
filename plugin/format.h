/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, ports and sums as text: numbers only, never resolved.
 *
 * Every text is new, in the scope that is given; with scope NULL free it with wmem_free(NULL, …). */
#ifndef SKYPEFP_FORMAT_H
#define SKYPEFP_FORMAT_H

#include "compat.h"

#include "skypefp.h"

/* "192.0.2.1", "2001:db8::1"; the port is ignored. */
char *skypefp_format_host(wmem_allocator_t *scope, const skypefp_address *from);

/* "192.0.2.1:80", "[2001:db8::1]:80". */
char *skypefp_format_address(wmem_allocator_t *scope, const skypefp_address *from);

/* "192.0.2.1" of an address in host order. */
char *skypefp_format_ipv4(wmem_allocator_t *scope, uint32_t host_order);

/* "10.051" of microseconds, at least 0. */
char *skypefp_format_seconds(wmem_allocator_t *scope, int64_t us);

/* "header 16 + generator 40 - prior 13 = 43 bits: certain": what each group gives the endpoint of a judgement, in the
 * order of the groups, and the sum. Association and a proven host are part of it, though they are not the endpoint's
 * own evidence. */
char *skypefp_format_sum(wmem_allocator_t *scope, const skypefp_judgement *judgement);

/* Keys of the rules that fired on an endpoint, in the order of discovery, endpoint.peer last: "udp.iv udp.echo". */
char *skypefp_format_rules(wmem_allocator_t *scope, const skypefp_endpoint *endpoint, bool is_associated);

#endif
