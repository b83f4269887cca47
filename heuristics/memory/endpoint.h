/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One endpoint: its evidence, and what signatures remember of it.
 *
 * It knows of no table: endpoints.h makes it and lets go of it. */
#ifndef SKYPEFP_ENDPOINT_H
#define SKYPEFP_ENDPOINT_H

#include "address.h"
#include "proof.h"
#include "verdict.h"

enum { MAX_ANSWERED = 4 }; /* askers remembered of an endpoint that answered, for endpoint.peer */

/* An asker a checked message of which an endpoint answered. */
struct answered {
    skypefp_endpoint *asker; /* ref'd */
    uint32_t frame;          /* of the answer */
};

/* What one signature remembers of an endpoint. */
struct remembered {
    void *octets;
    uint32_t size;
    uint8_t rule; /* index of the signature */
};

struct skypefp_endpoint {
    struct endpoint_key key;
    uint32_t serial;           /* unlike any other endpoint's of this capture, also after it left the table */
    unsigned refs;             /* the table, and findings */
    GList lru;                 /* place in the table's queue, data: this endpoint */
    GArray *tallies;           /* skypefp_tally; NULL: no evidence */
    struct remembered *memory; /* n_memory of them; NULL until a signature remembers something */
    uint8_t n_memory;
    struct answered *answered; /* MAX_ANSWERED of them, frame 0: unused; NULL: none, or it left the table */
    skypefp_endpoint *host;    /* ref'd; NULL: not asked for yet */
    uint32_t peer_frame;       /* of its answer to an asker that was certain then; 0: none */
    uint32_t proof_frame;      /* where its own evidence first made it at least likely; 0: not yet */
    int64_t proof_us;          /* when, with proof_frame */
    int64_t first_us, last_us; /* of its evidence and checked messages, with has_times */
    int64_t used_us;           /* when a packet last asked for it */
    bool has_times;
    bool is_listening; /* has evidence as responder on TCP: its tenancy lasts longer */
    bool is_initiator; /* one side of one TCP conversation; not in the table */
    bool has_checked;  /* sent a checked message */
    bool has_left;     /* the table: it remembers no more askers */
    uint8_t n_tested,
        n_fitted; /* of its first payloads that have another one within an hour, and of those on the generator */
    uint32_t n_sent, n_received; /* datagrams with a shape */
    uint32_t public_ipv4;        /* its public address behind NAT, as answerers agree; 0: unknown */
};

skypefp_endpoint *skypefp_endpoint_ref(skypefp_endpoint *endpoint);
void skypefp_endpoint_unref(skypefp_endpoint *endpoint);

/* It leaves the table, whose reference ends: what signatures remember of it goes at once, and whom it answered is
 * settled for good. */
void skypefp_endpoint_leave(skypefp_endpoint *endpoint);

/* Memory of a signature for an endpoint, at least size octets: zeroed when it is created, and what a later call adds to
 * it as well. A larger size may move it. */
void *skypefp_endpoint_memory(skypefp_endpoint *endpoint, unsigned signature, size_t size);

/* Books evidence, found at a time in some octets. */
void skypefp_endpoint_add(skypefp_endpoint *endpoint, const skypefp_evidence *evidence, int64_t time_us,
                          const struct proving *proving);

/* Takes over the evidence of another one, which has none then; frame and time: of the packet that showed whose it is. */
void skypefp_endpoint_adopt(skypefp_endpoint *endpoint, skypefp_endpoint *other, uint32_t frame, int64_t time_us);

/* Notes the time of evidence or of a checked message: the tenancy goes on. */
void skypefp_endpoint_note_time(skypefp_endpoint *endpoint, int64_t time_us);

/* Whether the port is proven by its generator, and all of its payloads come from that one: then a misfit is not its
 * own. A supernode draws numbers for all of its clients, so that one in thirteen of its payloads fits the one
 * before. */
bool skypefp_endpoint_has_own_generator(const skypefp_endpoint *endpoint);

/* Net sum of an endpoint's own evidence, prior included, association apart. */
int skypefp_own_bits(const skypefp_endpoint *endpoint);

/* Verdict of an endpoint by its own evidence alone; it may inherit and associate from SKYPEFP_LIKELY and
 * SKYPEFP_CERTAIN up. */
enum skypefp_verdict skypefp_own_verdict(const skypefp_endpoint *endpoint);

/* The time of a frame that proved an endpoint or its host; INT64_MIN: it did not, or there is no endpoint. */
int64_t skypefp_proof_time(const skypefp_endpoint *endpoint, uint32_t proof);

#endif
