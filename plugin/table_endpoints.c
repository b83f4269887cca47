/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of endpoints. */
#include "table_endpoints.h"

#include "format.h"
#include "preferences.h"

enum { SERVICE, ENDPOINT, VERDICT, BITS, PROOF, FIRST, LAST, PACKETS, BYTES, PEERS, RULES, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
    [SERVICE] = { "Service", COLUMN_TEXT },    [ENDPOINT] = { "Endpoint", COLUMN_TEXT },
    [VERDICT] = { "Verdict", COLUMN_TEXT },    [BITS] = { "Bits", COLUMN_SIGNED_NUMBER },
    [PROOF] = { "Proof in", COLUMN_NUMBER },   [FIRST] = { "First evidence", COLUMN_TEXT },
    [LAST] = { "Last evidence", COLUMN_TEXT }, [PACKETS] = { "Packets", COLUMN_NUMBER },
    [BYTES] = { "Bytes", COLUMN_NUMBER },      [PEERS] = { "Peers", COLUMN_NUMBER },
    [RULES] = { "Rules", COLUMN_TEXT },
};

static void set_service(struct table_row *row, enum skypefp_service announced, enum skypefp_verdict verdict)
{
    skypefp_row_set(row, SERVICE,
                    skypefp_service_name(
                        skypefp_service_of(announced, verdict, (enum skypefp_verdict)skypefp_preferences.threshold)));
    skypefp_row_set(row, VERDICT, skypefp_verdict_name(verdict));
}

static void set_evidence(struct table_row *row, const skypefp_endpoint_summary *sums)
{
    const char *one_way = skypefp_endpoint_one_way(sums->endpoint);
    char *rules = skypefp_format_rules(NULL, sums->endpoint, sums->associated);
    char *cell = one_way != NULL ? g_strdup_printf("%s (%s)", rules, one_way) : g_strdup(rules);

    skypefp_row_set_number(row, BITS, sums->bits);
    skypefp_row_set_frame(row, PROOF, sums->proof);
    skypefp_row_set_time(row, FIRST, sums->has_times, sums->first_us);
    skypefp_row_set_time(row, LAST, sums->has_times, sums->last_us);
    skypefp_row_set_number(row, PACKETS, sums->n_packets);
    skypefp_row_set_number(row, BYTES, (int64_t)MIN(sums->n_octets, INT64_MAX));
    skypefp_row_set_number(row, PEERS, sums->n_peers);
    skypefp_row_set(row, RULES, cell);
    g_free(cell);
    wmem_free(NULL, rules);
}

/* sums: NULL when there is no evidence. */
static struct table_row *make_row(const skypefp_address *address, enum skypefp_service announced,
                                  const skypefp_endpoint_summary *sums)
{
    struct table_row *row = skypefp_row_new(&skypefp_table_endpoints, address, NULL);

    skypefp_row_set_address(row, ENDPOINT, address);
    set_service(row, announced, sums != NULL ? sums->verdict : SKYPEFP_NONE);
    if (sums != NULL) {
        set_evidence(row, sums);
    }
    return row;
}

static struct table_row *make_answerer(const skypefp_summary *summary, const skypefp_answerer *answerer)
{
    return make_row(&answerer->address, answerer->service, skypefp_summary_find(summary, &answerer->address));
}

static void add_endpoint(GPtrArray *rows, const skypefp_services *services, const skypefp_endpoint_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->endpoint);

    if (sums->verdict >= SKYPEFP_POSSIBLE) {
        g_ptr_array_add(rows, make_row(&address, skypefp_services_lookup(services, &address), sums));
    }
}

/* A host in place of the ports that its conversations came from. */
static void add_host(GPtrArray *rows, const skypefp_host_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->host);

    if (sums->n_conversations == 0) {
        return;
    }
    struct table_row *row = skypefp_row_new(&skypefp_table_endpoints, &address, NULL);
    char *text =
        g_strdup_printf("began %u TCP conversation%s", sums->n_conversations, sums->n_conversations == 1 ? "" : "s");

    skypefp_row_set_address(row, ENDPOINT, &address);
    set_service(row, SKYPEFP_SERVICE_UNKNOWN, sums->verdict);
    skypefp_row_set_number(row, BITS, sums->bits);
    skypefp_row_set_frame(row, PROOF, sums->proof);
    skypefp_row_set_time(row, FIRST, sums->proof != 0, sums->first_us);
    skypefp_row_set_time(row, LAST, sums->proof != 0, sums->last_us);
    skypefp_row_set(row, RULES, text);
    g_ptr_array_add(rows, row);
    g_free(text);
}

static void add_answerers(GPtrArray *rows, const skypefp_summary *summary, const skypefp_services *services)
{
    unsigned n;
    skypefp_answerer *answerers = skypefp_services_list(services, &n);

    for (unsigned i = 0; i < n; i++) {
        const skypefp_endpoint_summary *sums = skypefp_summary_find(summary, &answerers[i].address);
        if (sums == NULL || sums->verdict < SKYPEFP_POSSIBLE) {
            g_ptr_array_add(rows, make_row(&answerers[i].address, answerers[i].service, sums));
        }
    }
    g_free(answerers);
}

static GPtrArray *make_rows(const skypefp_summary *summary, const skypefp_services *services)
{
    GPtrArray *rows = skypefp_rows_new();

    for (unsigned i = 0; i < summary->n_endpoints; i++) {
        add_endpoint(rows, services, &summary->endpoints[i]);
    }
    for (unsigned i = 0; i < summary->n_hosts; i++) {
        add_host(rows, &summary->hosts[i]);
    }
    add_answerers(rows, summary, services);
    return rows;
}

const struct table skypefp_table_endpoints = {
    .name = "skypefp,endpoints",
    .window_name = "skypefp,window",
    .title = "Skype Fingerprint: endpoints that answered",
    .menu_title = "Skype Fingerprint Endpoints",
    .columns = columns,
    .n_columns = N_COLUMNS,
    .make_rows = make_rows,
    .make_answerer = make_answerer,
};
