/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a table says, regardless of who shows it: tshark prints it (tap_print.c), Wireshark's window and sharkd have
 * it as a table of theirs (tap_window.c).
 *
 * Rows are made from the summary, at the end, so that they are the same in one pass and in two. A cell is text; a
 * number's is digits. */
#ifndef SKYPEFP_TABLE_H
#define SKYPEFP_TABLE_H

#include "compat.h"

#include "services.h"
#include "summary.h"

/* Numbers are right-aligned and sorted as such. */
enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_SIGNED_NUMBER };

struct table_column {
    const char *title;
    enum column_kind kind;
};

/* A row. Owns its addresses and cells. */
struct table_row {
    uint8_t bytes[2][SKYPEFP_IPV6_LEN];
    skypefp_address about[2]; /* whom it is about: a filter selects by them. Port 0: the whole host. len 0: none */
    char **cells;             /* one for each column; "": nothing to say. NULL ends them */
};

struct table {
    const char *name;        /* of -z: "skypefp,contacts" */
    const char *window_name; /* of the window's and sharkd's table: "skypefp,contacts-window" */
    const char *title;       /* above it: "Skype Fingerprint: contacts" */
    const char *menu_title;  /* "Skype Fingerprint Contacts" */
    const struct table_column *columns;
    unsigned n_columns;

    /* All rows in their order, of struct table_row *. services: what answered so far. */
    GPtrArray *(*make_rows)(const skypefp_summary *summary, const skypefp_services *services);

    /* The row of an endpoint that has just answered, which replaces an earlier one about it; NULL: such rows are not
     * in this table. */
    struct table_row *(*make_answerer)(const skypefp_summary *summary, const skypefp_answerer *answerer);
};

/* An array that owns its rows; free it with g_ptr_array_unref(). */
GPtrArray *skypefp_rows_new(void);

/* A new row about an address, and another one or NULL, with empty cells. */
struct table_row *skypefp_row_new(const struct table *table, const skypefp_address *about,
                                  const skypefp_address *other);

/* Frees a struct table_row; nothing for NULL. */
void skypefp_row_free(void *data);

/* Fills a cell. Numbers that are 0 are written; for a frame 0 and for a time that is unknown the cell stays empty. */
void skypefp_row_set(struct table_row *row, unsigned column, const char *text);
void skypefp_row_set_number(struct table_row *row, unsigned column, int64_t number);
void skypefp_row_set_frame(struct table_row *row, unsigned column, uint32_t frame);
void skypefp_row_set_time(struct table_row *row, unsigned column, bool is_known, int64_t time_us);

/* "192.0.2.1:80", or "192.0.2.1" for port 0; followed by the number of its network where several have the same
 * private address. */
void skypefp_row_set_address(struct table_row *row, unsigned column, const skypefp_address *address);

#endif
