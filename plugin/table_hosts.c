/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of hosts. */
#include "table_hosts.h"

#include "observe.h"

enum {
    HOST,
    VERDICT,
    BITS,
    PROOF,
    PORTS,
    BEGAN,
    FIRST,
    LAST,
    PACKETS,
    BYTES,
    PEERS,
    FIRST_FRAME,
    LAST_FRAME,
    SOFTWARE,
    N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
    [HOST] = { "Host", COLUMN_TEXT },
    [VERDICT] = { "Verdict", COLUMN_TEXT },
    [BITS] = { "Bits", COLUMN_SIGNED_NUMBER },
    [PROOF] = { "Proof in", COLUMN_NUMBER },
    [PORTS] = { "Listens on", COLUMN_TEXT },
    [BEGAN] = { "TCP begun", COLUMN_NUMBER },
    [FIRST] = { "First evidence", COLUMN_TEXT },
    [LAST] = { "Last evidence", COLUMN_TEXT },
    [PACKETS] = { "Packets", COLUMN_NUMBER },
    [BYTES] = { "Bytes", COLUMN_NUMBER },
    [PEERS] = { "Peers", COLUMN_NUMBER },
    [FIRST_FRAME] = { "First frame", COLUMN_NUMBER },
    [LAST_FRAME] = { "Last frame", COLUMN_NUMBER },
    [SOFTWARE] = { "Software", COLUMN_TEXT },
};

static void set_ports(struct table_row *row, const skypefp_host_summary *sums)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < sums->n_ports; i++) {
        g_string_append_printf(text, "%s%u", i > 0 ? " " : "", sums->ports[i]);
    }
    skypefp_row_set(row, PORTS, text->str);
    g_string_free(text, TRUE);
}

static struct table_row *make_proven(const skypefp_host_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->host);
    struct table_row *row = skypefp_row_new(&skypefp_table_hosts, &address, NULL);

    skypefp_row_set_address(row, HOST, &address);
    skypefp_row_set(row, VERDICT, skypefp_verdict_name(sums->verdict));
    skypefp_row_set_number(row, BITS, sums->bits);
    skypefp_row_set_frame(row, PROOF, sums->proof);
    set_ports(row, sums);
    skypefp_row_set_number(row, BEGAN, sums->n_conversations);
    skypefp_row_set_time(row, FIRST, sums->proof != 0, sums->first_us);
    skypefp_row_set_time(row, LAST, sums->proof != 0, sums->last_us);
    skypefp_row_set_number(row, PACKETS, sums->n_packets);
    skypefp_row_set_number(row, BYTES, (int64_t)MIN(sums->n_octets, INT64_MAX));
    skypefp_row_set_number(row, PEERS, sums->n_peers);
    skypefp_row_set_frame(row, FIRST_FRAME, sums->first_frame);
    skypefp_row_set_frame(row, LAST_FRAME, sums->last_frame);
    return row;
}

static struct table_row *make_software(const skypefp_host *host)
{
    skypefp_address address = { .bytes = host->bytes, .len = host->len };
    struct table_row *row = skypefp_row_new(&skypefp_table_hosts, &address, NULL);

    skypefp_row_set_address(row, HOST, &address);
    skypefp_row_set(row, VERDICT, skypefp_verdict_name(SKYPEFP_NONE));
    skypefp_row_set_frame(row, FIRST_FRAME, host->frame);
    skypefp_row_set(row, SOFTWARE, skypefp_rule_at(host->rule)->key);
    return row;
}

static GPtrArray *make_rows(const skypefp_summary *summary, const skypefp_services *services _U_)
{
    GPtrArray *rows = skypefp_rows_new();
    const skypefp_tracker *tracker = skypefp_capture_tracker();
    unsigned n = 0;
    const skypefp_host *hosts = tracker != NULL ? skypefp_tracker_hosts(tracker, &n) : NULL;

    for (unsigned i = 0; i < summary->n_hosts; i++) {
        g_ptr_array_add(rows, make_proven(&summary->hosts[i]));
    }
    for (unsigned i = 0; i < n; i++) {
        g_ptr_array_add(rows, make_software(&hosts[i]));
    }
    return rows;
}

const struct table skypefp_table_hosts = {
    .name = "skypefp,hosts",
    .window_name = "skypefp,hosts-window",
    .title = "Skype Fingerprint: hosts",
    .menu_title = "Skype Fingerprint Hosts",
    .columns = columns,
    .n_columns = N_COLUMNS,
    .make_rows = make_rows,
};
