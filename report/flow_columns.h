/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the flow table: the same in CSV and Zeek, under names of their own. */
#ifndef REPORT_FLOW_COLUMNS_H
#define REPORT_FLOW_COLUMNS_H

#include "report_file.h"
#include "skypefp.h"

#include <json-glib/json-glib.h>

/* One conversation, for the columns to read. */
struct flow {
    JsonObject *row, *source, *destination;
    const struct report_file *file; /* where it comes from */
    enum skypefp_verdict threshold;
    bool is_zeek; /* times are seconds since the epoch, sets are separated by commas */
};

struct flow_column {
    const char *csv, *zeek;                  /* its names */
    const char *type;                        /* of Zeek */
    char *(*value)(const struct flow *flow); /* as text, to be freed; NULL: unknown */
};

extern const struct flow_column report_flow_columns[];
extern const unsigned report_n_flow_columns;

#endif
