/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoint table in Wireshark's Statistics menu, the same rows as tshark's.
 *
 * Wireshark's tables have no call at the end, but the window reads packets that were all dissected before: what is known of
 * Skype's endpoints is final, and a row comes with the first packet that the window's filter lets through. tshark has no such
 * pass and is sent to its own table. */
#include "tap_window.h"

#include "endpoint_rows.h"
#include "format.h"
#include "observe.h"
#include "preferences.h"
#include "tap.h"

#include <epan/stat_tap_ui.h>

enum { COLUMN_SERVICE, COLUMN_ENDPOINT, COLUMN_VERDICT, COLUMN_BITS, COLUMN_PROOF, COLUMN_RULES, N_COLUMNS };

static stat_tap_table_item columns[N_COLUMNS] = {
    { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Service", "%s" },
    { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Endpoint", "%s" },
    { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s" },
    { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Bits", "%d" },
    { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Proof in", "%u" },
    { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Rules", "%s" },
};

/* What the table has so far; made anew for every pass over the packets. */
static struct window {
    skypefp_services *services;
    skypefp_summary *summary;
    GHashTable *shown;          /* indices of the summary's endpoints that have a row */
    GHashTable *row_of;         /* "address:port" -> index of its row + 1 */
    guint n_rows;
} window;

static void set_text(stat_tap_table *table, guint row, guint column, char *text)
{
    stat_tap_table_item_type item = { .type = TABLE_ITEM_STRING, .value.string_value = text };

    item.user_data.ptr_value = text;
    stat_tap_set_field_data(table, row, column, &item);
}

static void set_row(stat_tap_table *table, guint i, const struct row *row)
{
    stat_tap_table_item_type fresh[N_COLUMNS] = { { .type = TABLE_ITEM_NONE } };
    char *address = skypefp_format_address(NULL, &row->address);
    char *rules = row->skype != NULL ? skypefp_format_rules(NULL, row->skype->endpoint, row->skype->associated) : NULL;

    stat_tap_init_table_row(table, i, N_COLUMNS, fresh);
    set_text(table, i, COLUMN_SERVICE, g_strdup(skypefp_service_name(row->service)));
    set_text(table, i, COLUMN_ENDPOINT, g_strdup(address));
    set_text(table, i, COLUMN_VERDICT, g_strdup(skypefp_verdict_name(row->skype != NULL ? row->skype->verdict : SKYPEFP_NONE)));
    if (row->skype != NULL) {
        stat_tap_table_item_type bits = { .type = TABLE_ITEM_INT, .value.int_value = row->skype->bits };
        stat_tap_table_item_type proof = { .type = TABLE_ITEM_UINT, .value.uint_value = row->skype->proof };
        stat_tap_set_field_data(table, i, COLUMN_BITS, &bits);
        if (row->skype->proof != 0) {
            stat_tap_set_field_data(table, i, COLUMN_PROOF, &proof);
        }
    }
    set_text(table, i, COLUMN_RULES, g_strdup(rules != NULL ? rules : ""));
    wmem_free(NULL, address);
    wmem_free(NULL, rules);
}

static void free_item(stat_tap_table *table _U_, guint row _U_, guint column _U_, stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING) {
        g_free(item->user_data.ptr_value);
        item->user_data.ptr_value = NULL;
    }
}

static void forget_window(void)
{
    if (window.summary != NULL) {
        skypefp_summary_free(window.summary);
        g_hash_table_destroy(window.shown);
        g_hash_table_destroy(window.row_of);
        skypefp_services_free(window.services);
    }
    window = (struct window){ .services = NULL };
}

static void put_row(stat_tap_table *table, const struct row *row)
{
    char *address = skypefp_format_address(NULL, &row->address);
    guint row_number = GPOINTER_TO_UINT(g_hash_table_lookup(window.row_of, address));

    if (row_number == 0) {
        row_number = ++window.n_rows;
        g_hash_table_insert(window.row_of, g_strdup(address), GUINT_TO_POINTER(row_number));
        set_row(table, row_number - 1, row);
    } else {
        stat_tap_table_item_type *old = stat_tap_get_field_data(table, row_number - 1, COLUMN_SERVICE);
        if (!g_str_equal(old->value.string_value, skypefp_service_name(row->service))) {
            free_item(table, row_number - 1, COLUMN_SERVICE, old);
            set_text(table, row_number - 1, COLUMN_SERVICE, g_strdup(skypefp_service_name(row->service)));
        }
    }
    wmem_free(NULL, address);
}

static void begin_pass(void)
{
    forget_window();
    window.summary = skypefp_summarize(skypefp_capture_tracker(), (enum skypefp_verdict)skypefp_preferences.threshold);
    window.services = skypefp_services_new(g_random_int());
    window.shown = g_hash_table_new(NULL, NULL);
    window.row_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* A row for an endpoint that is at least possible, when the first of its packets comes. */
static void show_endpoint(stat_tap_table *table, const skypefp_address *address)
{
    const skypefp_endpoint_summary *skype = skypefp_summary_find(window.summary, address);

    if (skype != NULL && skype->verdict >= SKYPEFP_POSSIBLE &&
        g_hash_table_add(window.shown, GSIZE_TO_POINTER((gsize)(skype - window.summary->endpoints)))) {
        struct row row = { .address = *address, .skype = skype,
                           .service = skypefp_decide_service(SKYPEFP_SERVICE_UNKNOWN, skype) };
        put_row(table, &row);
    }
}

/* An endpoint that has just answered, or told what it is. Its row may be there, with its evidence. */
static void show_answerer(stat_tap_table *table, const skypefp_answerer *answerer)
{
    const skypefp_endpoint_summary *skype = skypefp_summary_find(window.summary, &answerer->address);
    struct row row = { .address = answerer->address, .skype = skype, .service = skypefp_decide_service(answerer->service, skype) };

    put_row(table, &row);
}

static tap_packet_status show_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data_tapped,
                                     tap_flags_t flags _U_)
{
    stat_data_t *stat_data = data;
    stat_tap_table *table = g_array_index(stat_data->stat_tap_data->tables, stat_tap_table *, 0);
    const skypefp_packet *packet = &((const struct tapped *)data_tapped)->packet;
    skypefp_answerer answerer;

    if (window.summary == NULL) {
        begin_pass();
    }
    show_endpoint(table, &packet->src);
    show_endpoint(table, &packet->dst);
    if (skypefp_services_observe(window.services, packet, &answerer)) {
        show_answerer(table, &answerer);
    }
    return TAP_PACKET_REDRAW;
}

static void start_window(stat_tap_table_ui *ui)
{
    static const char title[] = "Skype Fingerprint: endpoints that answered";
    stat_tap_table *table = stat_tap_find_table(ui, title);

    forget_window();
    if (table != NULL) {
        if (ui->stat_tap_reset_table_cb != NULL) {
            ui->stat_tap_reset_table_cb(table);
        }
        return;
    }
    stat_tap_add_table(ui, stat_tap_init_table(title, N_COLUMNS, 0, NULL));
}

static void reset_window(stat_tap_table *table _U_)
{
    forget_window();
}

void skypefp_window_register(void)
{
    static tap_param parameters[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };
    static stat_tap_table_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = "Skype Fingerprint Endpoints",
        .tap_name = "skypefp",
        .cli_string = "skypefp,window",
        .stat_tap_init_cb = start_window,
        .packet_func = show_packet,
        .stat_tap_reset_table_cb = reset_window,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = N_COLUMNS,
        .fields = columns,
        .nparams = array_length(parameters),
        .params = parameters,
    };

    register_stat_tap_table_ui(&ui);
}
