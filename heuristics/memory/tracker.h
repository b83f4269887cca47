/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of one capture: the tables that observing fills and signatures read. */
#ifndef SKYPEFP_TRACKER_H
#define SKYPEFP_TRACKER_H

#include "endpoints.h"
#include "findings.h"
#include "pairs.h"
#include "requests.h"
#include "bounced.h"
#include "scopes.h"
#include "shares.h"
#include "streams.h"

/* What signatures look at; each has a callback for it in their record. */
enum looker { LOOKER_MESSAGE, LOOKER_PORT, LOOKER_KEEPALIVE, LOOKER_STREAM, LOOKER_TALK, N_LOOKERS };

enum {
    MAX_LOOKERS = 64,
    MAX_OPENINGS = 3 /* different openings of records; more are looked at whatever the sides begin with */
};

/* The signatures that look at one thing, by their index, in the order they look; without those of groups that are
 * off. */
struct lookers {
    uint8_t rule[MAX_LOOKERS];
    unsigned n;
};

struct skypefp_tracker {
    struct lookers lookers[N_LOOKERS];
    struct lookers stream_lookers[2][1 << MAX_OPENINGS]; /* those of LOOKER_STREAM that look at a packet of the
                                                            initiator or responder, when the sides have begun with
                                                            octets of these classes */
    uint8_t opening_class[256];                          /* of an octet: a bit for the opening that it is, or 0 */
    struct endpoint_table endpoints;
    struct request_table requests;
    struct bounced_table bounced;
    struct finding_store findings;
    struct pair_table pairs;
    struct scope_table scopes;
    struct share_table shares;
    struct stream_table streams;
    struct endpoint_table hosts; /* with evidence, at port 0: what signatures remember of a host */
    uint32_t disabled_groups;    /* of the configuration */
    bool near_misses;
    bool has_evidence; /* of anything: then it is worth saying why a conversation could not be judged */
    GArray *software;  /* skypefp_host, first seen first: hosts with Skype software, MAX_SOFTWARE at most */
};

enum { MAX_SOFTWARE = 1024, MAX_HOSTS = 4096 };

/* A new tracker that no signature looks for yet: skypefp_tracker_new() without lookers. */
skypefp_tracker *skypefp_memory_new(const skypefp_config *config);

/* Whether the rule of a signature looks at all. */
static inline bool tracker_allows(const skypefp_tracker *tracker, enum skypefp_group group)
{
    return !(tracker->disabled_groups >> group & 1);
}

#endif
