/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads rows of a report for the parts of the HTML page. */
#include "html_rows.h"

#include "members.h"
#include "text.h"

char *report_html_end(JsonObject *end)
{
    const char *host = end != NULL ? report_string(end, "address") : NULL;

    return report_endpoint_text(host != NULL ? host : "?", end != NULL ? report_number(end, "port", 0) : 0);
}

/* Verdict and bits as one number that grows with both. */
static gint64 strength(JsonObject *row)
{
    return row == NULL ? -1
                       : (gint64)verdict_by_name(report_string(row, "verdict")) * 1000 +
                             CLAMP(report_number(row, "bits", 0), -99, 800);
}

static gint compare_strength(gconstpointer a, gconstpointer b, gpointer rows)
{
    guint left = *(const guint *)a, right = *(const guint *)b;
    gint64 order = strength(report_object_at(rows, right)) - strength(report_object_at(rows, left));

    return order != 0 ? (order > 0 ? 1 : -1) : left < right ? -1 : left > right;
}

GArray *report_html_strongest(JsonArray *rows, guint limit)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        JsonObject *row = report_object_at(rows, i);
        if (row != NULL && verdict_by_name(report_string(row, "verdict")) != SKYPEFP_NONE) {
            g_array_append_val(order, i);
        }
    }
    g_array_sort_with_data(order, compare_strength, rows);
    return order->len > limit ? g_array_set_size(order, limit) : order;
}
