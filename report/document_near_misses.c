/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a report on what narrowly was not Skype. */
#include "document_near_misses.h"

#include "document_endpoints.h"
#include "members.h"
#include "near_misses.h"

static JsonObject *make_end(const skypefp_address *address)
{
    JsonObject *end = json_object_new();

    report_set_address(end, address);
    return end;
}

static JsonObject *make_near_miss(const skypefp_near_miss *near_miss)
{
    JsonObject *row = json_object_new();

    report_set_string(row, "rule", near_miss->rule != NULL ? near_miss->rule->key : NULL);
    json_object_set_string_member(row, "condition", near_miss->condition);
    json_object_set_string_member(row, "transport", near_miss->transport == SKYPEFP_UDP ? "udp" : "tcp");
    json_object_set_object_member(row, "source", make_end(&near_miss->src));
    json_object_set_object_member(row, "destination", make_end(&near_miss->dst));
    report_set_frame(row, "first_frame", near_miss->first_frame);
    report_set_time(row, "first_time", near_miss->first_us);
    json_object_set_int_member(row, "times", near_miss->n);
    return row;
}

void report_add_near_misses(JsonObject *document, const struct report_facts *facts)
{
    GArray *list = skypefp_near_misses(facts->tracker, facts->threshold);
    guint n = MIN(list->len, REPORT_MAX_LISTED);
    JsonArray *rows = json_array_sized_new(n);

    for (guint i = 0; i < n; i++) {
        json_array_add_object_element(rows, make_near_miss(&g_array_index(list, skypefp_near_miss, i)));
    }
    json_object_set_array_member(document, "near_misses", rows);
    json_object_set_int_member(document, "unlisted_near_misses", list->len - n);
    g_array_unref(list);
}
