/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a signature is: one rule, and the function that sees whether a message shows it.
 *
 * A signature reads the message and what the tracker remembers, and adds evidence. It never reads a
 * verdict. To add one: write signature_<rule>.c with one record, name it in signatures.c and in
 * CMakeLists.txt; the dissector's fields, the documentation and the reports follow from the record. */
#ifndef SKYPEFP_SIGNATURE_H
#define SKYPEFP_SIGNATURE_H

#include "endpoints.h"
#include "findings.h"
#include "message.h"
#include "requests.h"

/* One UDP message under observation. */
struct observation {
    struct skypefp_tracker *tracker;
    const skypefp_packet *packet;
    const skypefp_message *message;
    skypefp_endpoint *src;
    skypefp_endpoint *dst;
    skypefp_finding *finding;
    const struct request *request;  /* resend, ack, NAK, fragment: the request whose id it repeats; otherwise NULL */
    bool high_share;                /* at least 90 % of the source port's datagrams so far have a shape */
    uint8_t rule;                   /* index of the signature that looks */
};

struct signature {
    skypefp_rule rule;
    size_t memory_size;             /* octets it remembers of an endpoint, zeroed at first; 0: nothing */
    void (*observe_message)(struct observation *observation);   /* UDP; NULL: does not look at it */
};

/* All signatures, in the order they look. */
extern const struct signature *const skypefp_signatures[];

/* The memory of the signature that looks, for an endpoint. */
void *skypefp_observation_memory(const struct observation *observation, skypefp_endpoint *endpoint);

/* Adds evidence of the sender, seen in length octets from offset on; related_frame completes the proof, 0: none. */
void skypefp_observation_add(const struct observation *observation, uint8_t bits, uint16_t offset, uint16_t length,
                             uint32_t related_frame, uint32_t detail);

/* Adds the same kind of evidence to an earlier finding and its sender; nothing if it was dropped. */
void skypefp_observation_add_earlier(const struct observation *observation, struct finding_name earlier, uint8_t bits,
                                     uint16_t offset, uint16_t length);

#endif
