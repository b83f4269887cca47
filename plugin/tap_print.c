/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark -z skypefp,endpoints[,filter] and the other tables. */
#include "tap_print.h"

#include "command_line.h"
#include "listening.h"
#include "observe.h"
#include "preferences.h"
#include "tables.h"

#include <epan/stat_tap_ui.h>

/* One -z. */
struct printing {
    const struct table *table;
    struct listening listening;
    char *filter;
};

static bool is_selected(const struct listening *listening, const struct table_row *row)
{
    return skypefp_is_selected(listening, &row->about[0]) &&
           (row->about[1].len == 0 || skypefp_is_selected(listening, &row->about[1]));
}

/* All rows, with NULL in place of those that the filter does not select. */
static GPtrArray *select_rows(struct printing *printing, const skypefp_summary *summary)
{
    GPtrArray *rows = printing->table->make_rows(summary, printing->listening.services);

    for (unsigned i = 0; i < rows->len; i++) {
        if (!is_selected(&printing->listening, g_ptr_array_index(rows, i))) {
            skypefp_row_free(g_ptr_array_index(rows, i));
            g_ptr_array_index(rows, i) = NULL;
        }
    }
    return rows;
}

static const char *show_cell(const char *cell)
{
    return cell[0] != '\0' ? cell : "-";
}

static void measure(const struct table *table, const GPtrArray *rows, int *widths)
{
    for (unsigned column = 0; column < table->n_columns; column++) {
        widths[column] = (int)strlen(table->columns[column].title);
        for (unsigned i = 0; i < rows->len; i++) {
            const struct table_row *row = g_ptr_array_index(rows, i);
            widths[column] =
                row != NULL ? MAX(widths[column], (int)strlen(show_cell(row->cells[column]))) : widths[column];
        }
    }
}

static void print_cell(const struct table *table, const int *widths, unsigned column, const char *text)
{
    bool is_last = column + 1 == table->n_columns;

    if (table->columns[column].kind != COLUMN_TEXT) {
        printf("%*s%s", widths[column], text, is_last ? "\n" : "  ");
    } else {
        printf("%-*s%s", is_last ? 0 : widths[column], text, is_last ? "\n" : "  ");
    }
}

static void print_rows(const struct table *table, const GPtrArray *rows)
{
    int *widths = g_new0(int, table->n_columns);

    measure(table, rows, widths);
    for (unsigned column = 0; column < table->n_columns; column++) {
        print_cell(table, widths, column, table->columns[column].title);
    }
    for (unsigned i = 0; i < rows->len; i++) {
        const struct table_row *row = g_ptr_array_index(rows, i);
        for (unsigned column = 0; row != NULL && column < table->n_columns; column++) {
            print_cell(table, widths, column, show_cell(row->cells[column]));
        }
    }
    g_free(widths);
}

static void print_table(void *data)
{
    struct printing *printing = data;

    if (!skypefp_can_draw(&printing->listening)) {
        return;
    }
    skypefp_summary *summary =
        skypefp_summarize(skypefp_capture_tracker(), (enum skypefp_verdict)skypefp_preferences.threshold);
    GPtrArray *rows = select_rows(printing, summary);

    printf("===================================================================\n");
    printf("%s\nFilter: %s\n\n", printing->table->title, printing->filter[0] != '\0' ? printing->filter : "<none>");
    print_rows(printing->table, rows);
    printf("===================================================================\n");
    g_ptr_array_unref(rows);
    skypefp_summary_free(summary);
}

static stat_tap_init_result start_printing(const char *argument, void *data)
{
    const struct table *table = skypefp_tables[GPOINTER_TO_UINT(data)];
    const char *filter = skypefp_option_tail(argument, table->name);

    if (filter == NULL) {
        skypefp_refuse("Unknown statistic \"%s\": expected \"%s\" or \"%s,<display filter>\".", argument, table->name,
                       table->name);
        return STAT_TAP_INIT_FAILED;
    }
    struct printing *printing = wmem_new0(wmem_epan_scope(), struct printing);
    printing->table = table;
    printing->filter = wmem_strdup(wmem_epan_scope(), filter);
    char *error = skypefp_listen(&printing->listening, filter, print_table, printing);
    if (error != NULL) {
        skypefp_refuse("Couldn't start \"%s\": %s", argument, error);
        g_free(error);
        return STAT_TAP_INIT_FAILED;
    }
    return STAT_TAP_INIT_DONE;
}

void skypefp_print_register(void)
{
    static tap_param parameters[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };

    for (unsigned i = 0; i < skypefp_n_tables; i++) {
        stat_tap_ui ui = {
            .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
            .cli_string = skypefp_tables[i]->name,
            .tap_init_cb = start_printing,
            .nparams = array_length(parameters),
            .params = parameters,
        };
        register_stat_tap_ui(&ui, GUINT_TO_POINTER(i));
    }
}
