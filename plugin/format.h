/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, ports and sums as text: numbers only, never resolved. */
#ifndef SKYPEFP_FORMAT_H
#define SKYPEFP_FORMAT_H

#include "compat.h"

#include "skypefp.h"

/* "192.0.2.1", "2001:db8::1". */
char *skypefp_format_host(wmem_allocator_t *scope, const skypefp_address *from);

/* "192.0.2.1:80", "[2001:db8::1]:80". */
char *skypefp_format_address(wmem_allocator_t *scope, const skypefp_address *from);

/* "192.0.2.1" of an address in host order. */
char *skypefp_format_ipv4(wmem_allocator_t *scope, uint32_t host_order);

/* "generator 40 + echo 16 - prior 13 = 43 bits: certain". */
char *skypefp_format_sum(wmem_allocator_t *scope, const skypefp_endpoint *endpoint, int bits, bool is_associated,
                         enum skypefp_verdict verdict);

/* Keys of an endpoint's rules, strongest evidence first as discovered: "udp.iv udp.echo". */
char *skypefp_format_rules(wmem_allocator_t *scope, const skypefp_endpoint *endpoint, bool is_associated);

#endif
