/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a signature is: one rule, and the function that sees whether a message shows it.
 *
 * A signature reads the message and what the tracker remembers, and adds evidence. It never reads a verdict. To add
 * one: write signatures/<rule>.c with one record, name it in signatures.c and in CMakeLists.txt; the dissector's
 * fields, the documentation and the reports follow from the record. */
#ifndef SKYPEFP_SIGNATURE_H
#define SKYPEFP_SIGNATURE_H

#include "endpoint.h"
#include "findings.h"
#include "message.h"
#include "record.h"
#include "pairs.h"
#include "requests.h"

/* One UDP message under observation. */
struct observation {
    struct skypefp_tracker *tracker;
    const skypefp_packet *packet;
    const skypefp_message *message;
    skypefp_endpoint *src;
    skypefp_endpoint *dst;
    skypefp_finding *finding;
    struct pair *pair;             /* of the two endpoints */
    unsigned side;                 /* of the sender in it */
    const struct request *request; /* resend, ack, NAK, fragment: the request whose id it repeats; otherwise NULL */
    bool high_share;               /* at least 90 % of the source port's datagrams so far have a shape */
    bool low_share;                /* less than half of them have, of enough to say so */
    const struct share *share;     /* of the source port; observe_keepalive only */
    uint8_t rule;                  /* index of the signature that looks */
};

/* The memory of the signature that looks, for an endpoint; and the same with room for more octets than its record
 * says. */
void *skypefp_observation_memory(const struct observation *observation, skypefp_endpoint *endpoint);
void *skypefp_observation_room(const struct observation *observation, skypefp_endpoint *endpoint, size_t size);

/* Adds evidence of the sender, seen in length octets from offset on; related_frame completes the proof, 0: none. */
void skypefp_observation_add(const struct observation *observation, uint8_t bits, uint16_t offset, uint16_t length,
                             uint32_t related_frame, uint32_t detail);

/* Adds the same kind of evidence to an earlier finding and its sender; nothing if it was dropped. */
void skypefp_observation_add_earlier(const struct observation *observation, struct finding_name earlier, uint8_t bits,
                                     uint16_t offset, uint16_t length);

/* The message agrees with what is known of its sender: it opens the pair to inheritance once the sender is proven.
 * And so does an earlier message of the same sender, as this one shows; nothing if it was dropped. */
void skypefp_observation_check(const struct observation *observation);
void skypefp_observation_check_earlier(const struct observation *observation, struct finding_name earlier);

/* The message does not fit the sender's generator, and nor does the latest one so far, unless something shows that
 * it does. */
void skypefp_observation_misfit(const struct observation *observation, struct finding_name latest);

/* The message has the IV of an earlier one, and its fate. */
void skypefp_observation_copy(const struct observation *observation, struct finding_name earlier);

/* Notes the first condition that failed where a rule narrowly did not fire; a constant text. */
void skypefp_observation_near(const struct observation *observation, const char *condition);

#endif
