/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reports say of an address and port, in the order of time and cut into tenancies. */
#ifndef BATCH_MERGE_PLACE_H
#define BATCH_MERGE_PLACE_H

#include "merge_time.h"

/* A row of a report: an endpoint, or a binary answer, which is half of a proof. */
struct sighting {
    guint capture;
    JsonObject *row;
    bool is_answer;
    bool is_listening; /* TCP: its tenancy lasts longer */
    struct span span;  /* of its evidence; of the capture where the report does not say */
};

/* An address and port, with all of its owners. */
struct place {
    char *address;
    char *scope; /* as in struct merged_endpoint */
    int port;
    GArray *sightings; /* struct sighting */
};

/* Collects the endpoints and binary answers of capture records, which stay alive; keys: of the captures. An address
 * that is not global is one machine in one capture only, unless they are of the same network. The places, by an
 * opaque key; freed with the table. */
GHashTable *merge_places(GPtrArray *records, GPtrArray *keys, bool same_network);

/* Takes the sightings [begin, end) of a place, one owner's. */
typedef void merge_tenancy_handler(const struct place *place, guint begin, guint end, void *data);

/* Calls handle for each tenancy of a place, in the order of time. */
void merge_place_tenancies(struct place *place, merge_tenancy_handler *handle, void *data);

#endif
