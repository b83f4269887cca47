/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which endpoints answered, and what they announce themselves to be: for tables and reports that ask for it.
 *
 * It has a memory of its own, so that an ordinary run keeps nothing for endpoints that never looked like Skype. Feed
 * it every packet in order. Bounded: from SKYPEFP_MAX_PAIRS on, pairs of endpoints that are new are counted and not
 * followed. */
#ifndef SKYPEFP_SERVICES_H
#define SKYPEFP_SERVICES_H

#include "skypefp.h"

enum { SKYPEFP_MAX_PAIRS = 262144 };

enum skypefp_service {
    SKYPEFP_SERVICE_UNKNOWN,
    SKYPEFP_SERVICE_HTTP, /* answers with an HTTP status line */
    SKYPEFP_SERVICE_FTP,  /* greets with 220 and names FTP, or is spoken to with USER after a 220 */
    SKYPEFP_SERVICE_SKYPE /* marked: takes precedence over what it announces */
};

/* "unknown", "http", "ftp", "skype". */
const char *skypefp_service_name(enum skypefp_service service);

/* What an endpoint announces that is listed under a name: unknown for "skype", for other names and for NULL. Of two,
 * the larger counts. */
enum skypefp_service skypefp_service_announced(const char *name);

/* What an endpoint is listed as: skype from a verdict on, else what it announced. */
enum skypefp_service skypefp_service_of(enum skypefp_service announced, enum skypefp_verdict verdict,
                                        enum skypefp_verdict threshold);

/* An endpoint that answered. The octets are owned by the table. */
typedef struct skypefp_answerer {
    skypefp_address address;
    enum skypefp_service service; /* as announced */
    uint32_t first_frame;         /* of its first answer */
} skypefp_answerer;

typedef struct skypefp_services skypefp_services;

skypefp_services *skypefp_services_new(uint64_t hash_seed);
void skypefp_services_free(skypefp_services *services);

/* Observes one packet of UDP or TCP. True, and *changed, when it made an endpoint an answerer or announced what it
 * is. */
bool skypefp_services_observe(skypefp_services *services, const skypefp_packet *packet, skypefp_answerer *changed);

/* All answerers by address and port; *n: how many. Free the array with g_free(). */
skypefp_answerer *skypefp_services_list(const skypefp_services *services, unsigned *n);

/* The service an endpoint announced; unknown if it did not answer. */
enum skypefp_service skypefp_services_lookup(const skypefp_services *services, const skypefp_address *address);

/* Pairs that were not followed. */
uint64_t skypefp_services_dropped(const skypefp_services *services);

#endif
