/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the endpoint table: one for each endpoint that answered, or that is at least possible on its evidence. */
#ifndef SKYPEFP_ENDPOINT_ROWS_H
#define SKYPEFP_ENDPOINT_ROWS_H

#include "summary.h"
#include "listening.h"

struct row {
    skypefp_address address;
    enum skypefp_service service;
    const skypefp_endpoint_summary *skype;      /* NULL: no evidence */
};

/* What an endpoint is, given what it announced and its evidence (NULL: none). */
enum skypefp_service skypefp_decide_service(enum skypefp_service announced, const skypefp_endpoint_summary *skype);

/* All rows that the filter selects: Skype's endpoints first, strongest first, then the rest by address and port. An array of struct
 * row, valid as long as the summary and what is listened to; free it with g_array_free(). */
GArray *skypefp_endpoint_rows(const struct listening *listening, const skypefp_summary *summary);

#endif
