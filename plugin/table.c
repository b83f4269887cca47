/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows and cells of tables. */
#include "table.h"

#include "format.h"
#include "text.h"

enum { US_PER_SECOND = 1000000 };

GPtrArray *skypefp_rows_new(void)
{
    return g_ptr_array_new_with_free_func(skypefp_row_free);
}

static void set_about(struct table_row *row, unsigned i, const skypefp_address *address)
{
    memcpy(row->bytes[i], address->bytes, address->len);
    row->about[i] = (skypefp_address){ .bytes = row->bytes[i], .len = address->len, .port = address->port };
}

struct table_row *skypefp_row_new(const struct table *table, const skypefp_address *about, const skypefp_address *other)
{
    struct table_row *row = g_new0(struct table_row, 1);

    set_about(row, 0, about);
    if (other != NULL) {
        set_about(row, 1, other);
    }
    row->cells = g_new0(char *, table->n_columns + 1);
    for (unsigned i = 0; i < table->n_columns; i++) {
        row->cells[i] = g_strdup("");
    }
    return row;
}

void skypefp_row_free(void *data)
{
    struct table_row *row = data;

    if (row != NULL) {
        g_strfreev(row->cells);
        g_free(row);
    }
}

static void take_cell(struct table_row *row, unsigned column, char *text)
{
    g_free(row->cells[column]);
    row->cells[column] = text;
}

void skypefp_row_set(struct table_row *row, unsigned column, const char *text)
{
    take_cell(row, column, g_strdup(text));
}

void skypefp_row_set_number(struct table_row *row, unsigned column, int64_t number)
{
    take_cell(row, column, g_strdup_printf("%" PRId64, number));
}

void skypefp_row_set_frame(struct table_row *row, unsigned column, uint32_t frame)
{
    if (frame != 0) {
        skypefp_row_set_number(row, column, frame);
    }
}

void skypefp_row_set_time(struct table_row *row, unsigned column, bool is_known, int64_t time_us)
{
    int64_t fraction = time_us % US_PER_SECOND, seconds = time_us / US_PER_SECOND - (fraction < 0);
    char *text =
        is_known ? report_time_text(seconds, (fraction < 0 ? fraction + US_PER_SECOND : fraction) * 1000) : NULL;

    if (text != NULL) {
        take_cell(row, column, text);
    }
}

void skypefp_row_set_address(struct table_row *row, unsigned column, const skypefp_address *address)
{
    char *text = address->port == 0 ? skypefp_format_host(NULL, address) : skypefp_format_address(NULL, address);

    take_cell(row, column,
              address->scope == 0 ? g_strdup(text) : g_strdup_printf("%s (network %u)", text, address->scope));
    wmem_free(NULL, text);
}
