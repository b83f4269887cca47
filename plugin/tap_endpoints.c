/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The endpoint table of tshark -z skypefp,endpoints[,filter]: is it FTP, HTTP or Skype? */
#include "tap_endpoints.h"

#include "command_line.h"
#include "endpoint_rows.h"
#include "format.h"
#include "observe.h"
#include "preferences.h"

#include <epan/stat_tap_ui.h>

static const char name[] = "skypefp,endpoints";

/* One -z skypefp,endpoints. */
struct endpoint_table {
    struct listening listening;
    char *filter;
};

static void print_row(const struct row *row, int width)
{
    char *address = skypefp_format_address(NULL, &row->address);

    if (row->skype == NULL) {
        printf("%-8s %-*s %-8s %5s %8s  %s\n", skypefp_service_name(row->service), width, address, "none", "-", "-", "-");
    } else {
        char *rules = skypefp_format_rules(NULL, row->skype->endpoint, row->skype->associated);
        const char *one_way = skypefp_endpoint_one_way(row->skype->endpoint);
        char *proof = row->skype->proof != 0 ? g_strdup_printf("%u", row->skype->proof) : g_strdup("-");
        printf("%-8s %-*s %-8s %5d %8s  %s%s%s%s\n", skypefp_service_name(row->service), width, address,
               skypefp_verdict_name(row->skype->verdict), row->skype->bits, proof, rules,
               one_way != NULL ? " (" : "", one_way != NULL ? one_way : "", one_way != NULL ? ")" : "");
        g_free(proof);
        wmem_free(NULL, rules);
    }
    wmem_free(NULL, address);
}

static int address_width(const GArray *rows)
{
    int width = (int)strlen("Endpoint");

    for (unsigned i = 0; i < rows->len; i++) {
        char *address = skypefp_format_address(NULL, &g_array_index(rows, struct row, i).address);
        width = MAX(width, (int)strlen(address));
        wmem_free(NULL, address);
    }
    return width;
}

static void print_table(void *data)
{
    struct endpoint_table *table = data;

    if (!skypefp_can_draw(&table->listening)) {
        return;
    }
    skypefp_summary *summary = skypefp_summarize(skypefp_capture_tracker(), (enum skypefp_verdict)skypefp_preferences.threshold);
    GArray *rows = skypefp_endpoint_rows(&table->listening, summary);
    int width = address_width(rows);

    printf("===================================================================\n");
    printf("Skype Fingerprint: endpoints that answered\nFilter: %s\n\n", table->filter[0] != '\0' ? table->filter : "<none>");
    printf("%-8s %-*s %-8s %5s %8s  %s\n", "Service", width, "Endpoint", "Verdict", "Bits", "Proof in", "Rules");
    for (unsigned i = 0; i < rows->len; i++) {
        print_row(&g_array_index(rows, struct row, i), width);
    }
    printf("===================================================================\n");
    g_array_free(rows, TRUE);
    skypefp_summary_free(summary);
}

static stat_tap_init_result start_table(const char *argument, void *unused _U_)
{
    const char *filter = skypefp_option_tail(argument, name);

    if (filter == NULL) {
        skypefp_refuse("Unknown statistic \"%s\": expected \"%s\" or \"%s,<display filter>\".", argument, name, name);
        return STAT_TAP_INIT_FAILED;
    }
    struct endpoint_table *table = wmem_new0(wmem_epan_scope(), struct endpoint_table);
    table->filter = wmem_strdup(wmem_epan_scope(), filter);
    char *error = skypefp_listen(&table->listening, filter, print_table, table);
    if (error != NULL) {
        skypefp_refuse("Couldn't start \"%s\": %s", argument, error);
        g_free(error);
        return STAT_TAP_INIT_FAILED;
    }
    return STAT_TAP_INIT_DONE;
}

void skypefp_endpoints_register(void)
{
    static tap_param parameters[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };
    static stat_tap_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .cli_string = name,
        .tap_init_cb = start_table,
        .nparams = array_length(parameters),
        .params = parameters,
    };

    register_stat_tap_ui(&ui, NULL);
}
