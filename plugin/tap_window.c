/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables in Wireshark's Statistics menu.
 *
 * Wireshark's tables have no call at the end, but the window and sharkd read packets that were all dissected before:
 * what is known of Skype is final, and a row appears with the first packet about it that the window's filter lets
 * through. */
#include "tap_window.h"

#include "observe.h"
#include "preferences.h"
#include "tables.h"
#include "tap.h"

#include <epan/stat_tap_ui.h>

/* A table and what it has so far; started again for every pass over the packets. */
struct window {
    stat_tap_table_ui ui;
    const struct table *table;
    skypefp_services *services;
    skypefp_summary *summary; /* NULL before the first packet */
    GPtrArray *rows;          /* all that can appear, of struct table_row; then those of answerers */
    GHashTable *waiting;      /* struct endpoint_key -> GSList of rows about it that have not appeared */
    GHashTable *row_of;       /* struct endpoint_key of an answerer -> number of its row in the window + 1 */
    guint n_shown;
};

static struct window *windows; /* skypefp_n_tables of them */

static struct window *find_window(const stat_tap_table_ui *ui)
{
    unsigned i = 0;

    while (&windows[i].ui != ui) {
        i++;
    }
    return &windows[i];
}

/* What a packet is known by: tables do not tell equal addresses of several networks apart here. */
static struct endpoint_key make_key(const struct window *window, const skypefp_address *address)
{
    skypefp_address plain = *address;

    plain.scope = 0;
    return skypefp_key(&window->summary->hash_key, &plain);
}

/* Wireshark's numbers have 32 bits: the largest one stands for more, which only a count of octets can be. */
static stat_tap_table_item_type make_item(enum column_kind kind, const char *text)
{
    stat_tap_table_item_type item = { .type = TABLE_ITEM_NONE };

    if (kind == COLUMN_TEXT) {
        item.type = TABLE_ITEM_STRING;
        item.user_data.ptr_value = g_strdup(text);
        item.value.string_value = item.user_data.ptr_value;
    } else if (text[0] != '\0' && kind == COLUMN_SIGNED_NUMBER) {
        item.type = TABLE_ITEM_INT;
        item.value.int_value = (gint)g_ascii_strtoll(text, NULL, 10);
    } else if (text[0] != '\0') {
        item.type = TABLE_ITEM_UINT;
        item.value.uint_value = (guint)MIN(g_ascii_strtoull(text, NULL, 10), G_MAXUINT);
    }
    return item;
}

static void set_cell(stat_tap_table *table, guint row, guint column, enum column_kind kind, const char *text)
{
    stat_tap_table_item_type item = make_item(kind, text);

    stat_tap_set_field_data(table, row, column, &item);
}

static void free_item(stat_tap_table *table _U_, guint row _U_, guint column _U_, stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING) {
        g_free(item->user_data.ptr_value);
        item->user_data.ptr_value = NULL;
    }
}

static void append_row(struct window *window, stat_tap_table *table, const struct table_row *row)
{
    stat_tap_table_item_type *fresh = g_new0(stat_tap_table_item_type, window->table->n_columns);

    for (unsigned column = 0; column < window->table->n_columns; column++) {
        fresh[column].type = TABLE_ITEM_NONE;
    }
    stat_tap_init_table_row(table, window->n_shown, window->table->n_columns, fresh);
    g_free(fresh);
    for (unsigned column = 0; column < window->table->n_columns; column++) {
        set_cell(table, window->n_shown, column, window->table->columns[column].kind, row->cells[column]);
    }
    window->n_shown++;
}

/* An answerer's row differs from the earlier one in nothing but what it announces to be: the first column. */
static void replace_row(stat_tap_table *table, guint number, const struct table_row *row)
{
    stat_tap_table_item_type *old = stat_tap_get_field_data(table, number, 0);

    if (!g_str_equal(old->value.string_value, row->cells[0])) {
        free_item(table, number, 0, old);
        set_cell(table, number, 0, COLUMN_TEXT, row->cells[0]);
    }
}

static void show_waiting(struct window *window, stat_tap_table *table, const skypefp_address *address)
{
    struct endpoint_key key = make_key(window, address);
    GSList *rows = g_hash_table_lookup(window->waiting, &key);

    if (rows == NULL) {
        return;
    }
    for (GSList *link = rows; link != NULL; link = link->next) {
        struct table_row *row = link->data;
        if (row->about[0].len > 0) { /* it has not appeared about its other address */
            append_row(window, table, row);
            g_hash_table_insert(window->row_of, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(window->n_shown));
            row->about[0].len = 0;
        }
    }
    g_hash_table_remove(window->waiting, &key);
}

static void show_answerer(struct window *window, stat_tap_table *table, const skypefp_answerer *answerer)
{
    struct endpoint_key key = make_key(window, &answerer->address);
    struct table_row *row = window->table->make_answerer(window->summary, answerer);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(window->row_of, &key));

    if (number == 0) {
        append_row(window, table, row);
        g_hash_table_insert(window->row_of, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(window->n_shown));
    } else {
        replace_row(table, number - 1, row);
    }
    skypefp_row_free(row);
}

static void wait_for(struct window *window, struct table_row *row, const skypefp_address *address)
{
    struct endpoint_key key = make_key(window, address);
    GSList *rows = g_hash_table_lookup(window->waiting, &key);

    if (rows != NULL) {
        rows->next = g_slist_prepend(rows->next, row);
    } else {
        g_hash_table_insert(window->waiting, g_memdup2(&key, sizeof key), g_slist_prepend(NULL, row));
    }
}

static void free_rows(void *list)
{
    g_slist_free(list);
}

static void begin_pass(struct window *window)
{
    window->summary = skypefp_summarize(skypefp_capture_tracker(), (enum skypefp_verdict)skypefp_preferences.threshold);
    window->services = skypefp_services_new(g_random_int());
    window->rows = window->table->make_rows(window->summary, window->services);
    window->waiting = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, g_free, free_rows);
    window->row_of = g_hash_table_new_full(skypefp_key_hash, skypefp_key_equal, g_free, NULL);
    for (unsigned i = 0; i < window->rows->len; i++) {
        struct table_row *row = g_ptr_array_index(window->rows, i);
        for (unsigned about = 0; about < array_length(row->about) && row->about[about].len > 0; about++) {
            wait_for(window, row, &row->about[about]);
        }
    }
}

static void end_pass(struct window *window)
{
    if (window->summary != NULL) {
        g_hash_table_destroy(window->waiting);
        g_hash_table_destroy(window->row_of);
        g_ptr_array_unref(window->rows);
        skypefp_services_free(window->services);
        skypefp_summary_free(window->summary);
        window->summary = NULL;
    }
    window->n_shown = 0;
}

static void show_packet(struct window *window, stat_tap_table *table, const skypefp_address *address)
{
    skypefp_address host = *address;

    host.port = 0;
    show_waiting(window, table, address);
    show_waiting(window, table, &host);
}

static tap_packet_status take_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *data_tapped, tap_flags_t flags _U_)
{
    const stat_data_t *stat_data = data;
    struct window *window = find_window(stat_data->stat_tap_data);
    stat_tap_table *table = g_array_index(stat_data->stat_tap_data->tables, stat_tap_table *, 0);
    const skypefp_packet *packet = &((const struct tapped *)data_tapped)->packet;
    skypefp_answerer answerer;

    if (!has_ip_addresses(packet)) {
        return TAP_PACKET_DONT_REDRAW;
    }
    if (window->summary == NULL) {
        begin_pass(window);
    }
    show_packet(window, table, &packet->src);
    show_packet(window, table, &packet->dst);
    if (window->table->make_answerer != NULL && skypefp_services_observe(window->services, packet, &answerer)) {
        show_answerer(window, table, &answerer);
    }
    return TAP_PACKET_REDRAW;
}

static void start_window(stat_tap_table_ui *ui)
{
    struct window *window = find_window(ui);
    stat_tap_table *table = stat_tap_find_table(ui, window->table->title);

    end_pass(window);
    if (table != NULL) {
        if (ui->stat_tap_reset_table_cb != NULL) {
            ui->stat_tap_reset_table_cb(table);
        }
        return;
    }
    stat_tap_add_table(ui, stat_tap_init_table(window->table->title, (int)window->table->n_columns, 0, NULL));
}

static void reset_window(stat_tap_table *table)
{
    for (unsigned i = 0; i < skypefp_n_tables; i++) {
        if (g_str_equal(windows[i].table->title, table->title)) {
            end_pass(&windows[i]);
        }
    }
}

static stat_tap_table_item *make_columns(const struct table *table)
{
    static const struct {
        stat_tap_table_item_enum type;
        const char *format;
    } types[] = {
        [COLUMN_TEXT] = { TABLE_ITEM_STRING, "%s" },
        [COLUMN_NUMBER] = { TABLE_ITEM_UINT, "%u" },
        [COLUMN_SIGNED_NUMBER] = { TABLE_ITEM_INT, "%d" },
    };
    stat_tap_table_item *columns = wmem_alloc0_array(wmem_epan_scope(), stat_tap_table_item, table->n_columns);

    for (unsigned i = 0; i < table->n_columns; i++) {
        enum column_kind kind = table->columns[i].kind;
        columns[i] = (stat_tap_table_item){
            types[kind].type,
            kind == COLUMN_TEXT ? TAP_ALIGN_LEFT : TAP_ALIGN_RIGHT,
            table->columns[i].title,
            types[kind].format,
        };
    }
    return columns;
}

void skypefp_window_register(void)
{
    static tap_param parameters[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };

    windows = wmem_alloc0_array(wmem_epan_scope(), struct window, skypefp_n_tables);
    for (unsigned i = 0; i < skypefp_n_tables; i++) {
        const struct table *table = skypefp_tables[i];
        windows[i].table = table;
        windows[i].ui = (stat_tap_table_ui){
            .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
            .title = table->menu_title,
            .tap_name = "skypefp",
            .cli_string = table->window_name,
            .stat_tap_init_cb = start_window,
            .packet_func = take_packet,
            .stat_tap_reset_table_cb = reset_window,
            .stat_tap_free_table_item_cb = free_item,
            .nfields = table->n_columns,
            .fields = make_columns(table),
            .nparams = array_length(parameters),
            .params = parameters,
        };
        register_stat_tap_table_ui(&windows[i].ui);
    }
}
