/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the endpoint table. */
#include "endpoint_rows.h"

#include "preferences.h"

enum skypefp_service skypefp_decide_service(enum skypefp_service announced, const skypefp_endpoint_summary *skype)
{
    return skypefp_service_of(announced, skype != NULL ? skype->verdict : SKYPEFP_NONE,
                              (enum skypefp_verdict)skypefp_preferences.threshold);
}

static void add_row(GArray *rows, const struct listening *listening, const skypefp_address *address,
                    enum skypefp_service announced, const skypefp_endpoint_summary *skype)
{
    struct row row = { .address = *address, .service = skypefp_decide_service(announced, skype), .skype = skype };

    if (skypefp_is_selected(listening, address)) {
        g_array_append_val(rows, row);
    }
}

GArray *skypefp_endpoint_rows(const struct listening *listening, const skypefp_summary *summary)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct row));
    unsigned n;
    skypefp_answerer *answerers = skypefp_services_list(listening->services, &n);

    for (unsigned i = 0; i < summary->n_endpoints; i++) {
        const skypefp_endpoint_summary *skype = &summary->endpoints[i];
        skypefp_address address = skypefp_endpoint_address(skype->endpoint);
        if (skype->verdict >= SKYPEFP_POSSIBLE) {
            add_row(rows, listening, &address, skypefp_services_lookup(listening->services, &address), skype);
        }
    }
    for (unsigned i = 0; i < n; i++) {
        const skypefp_endpoint_summary *skype = skypefp_summary_find(summary, &answerers[i].address);
        if (skype == NULL || skype->verdict < SKYPEFP_POSSIBLE) {
            add_row(rows, listening, &answerers[i].address, answerers[i].service, skype);
        }
    }
    g_free(answerers);
    return rows;
}
