/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of contacts. */
#include "table_contacts.h"

#include "format.h"

enum {
    VERDICT,
    TRANSPORT,
    FROM,
    TO,
    FIRST,
    LAST,
    PACKETS_OUT,
    PACKETS_BACK,
    BYTES_OUT,
    BYTES_BACK,
    ALIVE_OUT,
    ALIVE_BACK,
    INTERVAL,
    LONGEST_GAP,
    BURSTS,
    CONSISTENT,
    TARGET,
    FIRST_FRAME,
    LAST_FRAME,
    N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
    [VERDICT] = { "Verdict", COLUMN_TEXT },
    [TRANSPORT] = { "Over", COLUMN_TEXT },
    [FROM] = { "From", COLUMN_TEXT },
    [TO] = { "To", COLUMN_TEXT },
    [FIRST] = { "First", COLUMN_TEXT },
    [LAST] = { "Last", COLUMN_TEXT },
    [PACKETS_OUT] = { "Packets >", COLUMN_NUMBER },
    [PACKETS_BACK] = { "Packets <", COLUMN_NUMBER },
    [BYTES_OUT] = { "Bytes >", COLUMN_NUMBER },
    [BYTES_BACK] = { "Bytes <", COLUMN_NUMBER },
    [ALIVE_OUT] = { "Keep-alives >", COLUMN_NUMBER },
    [ALIVE_BACK] = { "Keep-alives <", COLUMN_NUMBER },
    [INTERVAL] = { "Every (s)", COLUMN_TEXT },
    [LONGEST_GAP] = { "Longest gap (s)", COLUMN_TEXT },
    [BURSTS] = { "Bursts", COLUMN_NUMBER },
    [CONSISTENT] = { "Consistent with", COLUMN_TEXT },
    [TARGET] = { "Through proxy to", COLUMN_TEXT },
    [FIRST_FRAME] = { "First frame", COLUMN_NUMBER },
    [LAST_FRAME] = { "Last frame", COLUMN_NUMBER },
};

/* "call (Adami et al. 2009), messages (…)": each once, in the order of the bursts. */
static char *list_consistent(const skypefp_contact *contact)
{
    GString *text = g_string_new(NULL);
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal); /* those in the text */

    for (unsigned i = 0; i < contact->n_bursts; i++) {
        const char *source, *name = skypefp_burst_consistent_with(&contact->bursts[i], &source);
        if (g_hash_table_add(names, (gpointer)(uintptr_t)name)) {
            g_string_append_printf(text, "%s%s (%s)", text->len > 0 ? ", " : "", name, source);
        }
    }
    g_hash_table_destroy(names);
    return g_string_free(text, FALSE);
}

static void set_seconds(struct table_row *row, unsigned column, int64_t us)
{
    if (us > 0) {
        char *text = skypefp_format_seconds(NULL, us);
        skypefp_row_set(row, column, text);
        wmem_free(NULL, text);
    }
}

/* What only a path on UDP has. The contact and the conversation have the same source. */
static void set_contact(struct table_row *row, const skypefp_contact *contact)
{
    char *consistent = list_consistent(contact);

    skypefp_row_set_number(row, ALIVE_OUT, contact->n_keepalives[0]);
    skypefp_row_set_number(row, ALIVE_BACK, contact->n_keepalives[1]);
    set_seconds(row, INTERVAL, contact->keepalive_interval_us);
    set_seconds(row, LONGEST_GAP, contact->longest_gap_us);
    skypefp_row_set_number(row, BURSTS, contact->n_bursts);
    skypefp_row_set(row, CONSISTENT, consistent);
    g_free(consistent);
}

static struct table_row *make_row(const skypefp_conversation_summary *sums)
{
    struct table_row *row = skypefp_row_new(&skypefp_table_contacts, &sums->src, &sums->dst);
    bool is_counted = sums->n_packets[0] + sums->n_packets[1] > 0; /* otherwise it has no times */

    skypefp_row_set(row, VERDICT, skypefp_verdict_name(sums->verdict));
    skypefp_row_set(row, TRANSPORT, sums->transport == SKYPEFP_UDP ? "UDP" : "TCP");
    skypefp_row_set_address(row, FROM, &sums->src);
    skypefp_row_set_address(row, TO, &sums->dst);
    skypefp_row_set_time(row, FIRST, is_counted, sums->first_us);
    skypefp_row_set_time(row, LAST, is_counted, sums->last_us);
    skypefp_row_set_number(row, PACKETS_OUT, sums->n_packets[0]);
    skypefp_row_set_number(row, PACKETS_BACK, sums->n_packets[1]);
    skypefp_row_set_number(row, BYTES_OUT, (int64_t)sums->n_octets[0]);
    skypefp_row_set_number(row, BYTES_BACK, (int64_t)sums->n_octets[1]);
    skypefp_row_set(row, TARGET, sums->target != NULL ? sums->target : "");
    skypefp_row_set_frame(row, FIRST_FRAME, sums->first_frame);
    skypefp_row_set_frame(row, LAST_FRAME, sums->last_frame);
    if (sums->contact != NULL) {
        set_contact(row, sums->contact);
    }
    return row;
}

static GPtrArray *make_rows(const skypefp_summary *summary, const skypefp_services *services _U_)
{
    GPtrArray *rows = skypefp_rows_new();

    for (unsigned i = 0; i < summary->n_conversations; i++) {
        g_ptr_array_add(rows, make_row(&summary->conversations[i]));
    }
    return rows;
}

const struct table skypefp_table_contacts = {
    .name = "skypefp,contacts",
    .window_name = "skypefp,contacts-window",
    .title = "Skype Fingerprint: contacts",
    .menu_title = "Skype Fingerprint Contacts",
    .columns = columns,
    .n_columns = N_COLUMNS,
    .make_rows = make_rows,
};
