/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the conversations of several captures that have evidence of their own. */
#include "merge_conversation.h"

#include "capture_findings.h"

static gint compare(gconstpointer a, gconstpointer b)
{
    const struct merged_conversation *left = a, *right = b;
    gint64 left_bits = report_number(left->row, "bits", 0), right_bits = report_number(right->row, "bits", 0);

    return left->verdict != right->verdict ? (int)right->verdict - (int)left->verdict
                                           : (left_bits < right_bits) - (left_bits > right_bits);
}

GArray *merge_conversations(GPtrArray *records)
{
    GArray *conversations = g_array_new(FALSE, FALSE, sizeof(struct merged_conversation));

    for (guint i = 0; i < records->len; i++) {
        GPtrArray *findings = report_findings(g_ptr_array_index(records, i));
        for (guint k = 0; k < findings->len; k++) {
            JsonObject *row = g_ptr_array_index(findings, k);
            struct merged_conversation conversation = { row, i, verdict_by_name(report_string(row, "verdict")) };
            if (report_is_conversation(row)) {
                g_array_append_val(conversations, conversation);
            }
        }
        g_ptr_array_unref(findings);
    }
    g_array_sort(conversations, compare); /* which is stable */
    return conversations;
}
