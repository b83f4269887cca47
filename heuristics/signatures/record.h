/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of a signature: one rule, and the functions that see whether a message shows it.
 *
 * It depends on the rule's interface alone, so that the list of records can be read from below: by the arithmetic
 * and by the memory. */
#ifndef SKYPEFP_RECORD_H
#define SKYPEFP_RECORD_H

#include "rules.h"

#include <stdbool.h>
#include <stddef.h>

struct observation;
struct stream_observation;

/* Ports of UDP on which datagrams without a shape of Skype's are looked at. */
enum { SKYPEFP_DNS_PORT = 53, SKYPEFP_PSTN_PORT = 12340 };

struct signature {
    skypefp_rule rule;
    size_t memory_size; /* octets it remembers of an endpoint, zeroed at first; 0: nothing */
    void (*observe_message)(struct observation *observation); /* UDP; NULL: does not look at it */
    void (*observe_port)(
        struct observation *observation); /* UDP, a datagram to SKYPEFP_DNS_PORT or from SKYPEFP_PSTN_PORT,
                                             whatever its shape; nothing but tracker and packet is set */
    void (*observe_keepalive)(
        struct observation *observation); /* UDP, 3 octets of fn D; its endpoints and finding do not exist yet */
    void (*observe_stream)(struct stream_observation *observation); /* TCP; NULL: does not look at it */
    uint8_t opening;    /* observe_stream looks for nothing unless one of the sides begins with this octet; 0: it may */
    bool of_responders; /* observe_stream looks for nothing when the packet is the initiator's */
    void (*observe_talk)(
        struct stream_observation *observation); /* TCP: lengths and times of its messages; NULL: does not look */
};

/* All signatures, in the order they look. */
extern const struct signature *const skypefp_signatures[];

#endif
