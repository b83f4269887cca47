/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as the one cell of a table, for programs that drive sharkd: "nstat:skypefp,document".
 *
 * sharkd takes tables of a plugin and no -z command of its own. The cell is set when the table is drawn: by a
 * listener that is registered after the table's own, with the first frame, and therefore drawn before it. Without a
 * frame the table stays empty. */
#include "tap_document.h"

#include "command_line.h"
#include "report_json.h"

#include <epan/stat_tap_ui.h>

static const char title[] = "Skype Fingerprint: report";

/* The table that is filled; one at a time. */
static struct document {
    struct listening listening;
    bool is_listening;
    stat_tap_table *table;
    bool is_drawing; /* draw_document() will be called */
    char *text;
} document;

static void draw_document(void *data _U_)
{
    stat_tap_table_item_type cell = { .type = TABLE_ITEM_STRING };

    g_free(document.text);
    document.text = skypefp_make_report(&document.listening);
    cell.value.string_value = document.text;
    stat_tap_init_table_row(document.table, 0, 1, &cell);
}

static tap_packet_status ignore_frame(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                      const void *unused _U_, tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

static tap_packet_status start_drawing(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *unused _U_, tap_flags_t flags _U_)
{
    if (!document.is_drawing && document.is_listening) {
        GString *error =
            register_tap_listener("frame", &document.text, NULL, 0, NULL, ignore_frame, draw_document, NULL);
        document.is_drawing = error == NULL;
        if (error != NULL) {
            g_string_free(error, TRUE);
        }
    }
    return TAP_PACKET_REDRAW;
}

static void stop_document(void)
{
    if (document.is_drawing) {
        remove_tap_listener(&document.text);
        document.is_drawing = false;
    }
    if (document.is_listening) {
        skypefp_unlisten(&document.listening);
        document.is_listening = false;
    }
}

static void start_document(stat_tap_table_ui *ui)
{
    stop_document();
    char *error = skypefp_listen(&document.listening, NULL, NULL, NULL);
    document.is_listening = true;
    if (error != NULL) {
        skypefp_refuse("Couldn't start the report: %s", error);
        g_free(error);
    }
    document.table = stat_tap_find_table(ui, title);
    if (document.table == NULL) {
        document.table = stat_tap_init_table(title, 1, 0, NULL);
        stat_tap_add_table(ui, document.table);
    }
}

static void free_cell(stat_tap_table *table _U_, guint row _U_, guint column _U_, stat_tap_table_item_type *cell _U_)
{
    stop_document(); /* the table goes: nothing may be drawn into it */
}

void skypefp_document_register(void)
{
    static stat_tap_table_item columns[] = { { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Report", "%s" } };
    static stat_tap_table_ui ui = {
        .group = REGISTER_LOG_STAT_GROUP_UNSORTED, /* no menu of Wireshark's shows it: it is for programs */
        .title = "Skype Fingerprint Report",
        .tap_name = "frame",
        .cli_string = "skypefp,document",
        .stat_tap_init_cb = start_document,
        .packet_func = start_drawing,
        .stat_tap_free_table_item_cb = free_cell,
        .nfields = array_length(columns),
        .fields = columns,
    };

    register_stat_tap_table_ui(&ui);
}
