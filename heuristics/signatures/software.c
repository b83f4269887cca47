/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of hosts that ask for something of Skype's. */
#include "software.h"

static bool is_known(const GArray *software, const struct endpoint_key *key, uint8_t rule)
{
    for (unsigned i = 0; i < software->len; i++) {
        const skypefp_host *host = &g_array_index(software, skypefp_host, i);
        if (host->rule == rule && host->len == key->len && memcmp(host->bytes, key->bytes, sizeof host->bytes) == 0) {
            return true;
        }
    }
    return false;
}

void skypefp_software_note(struct skypefp_tracker *tracker, const struct endpoint_key *key, uint8_t rule,
                           uint32_t frame)
{
    skypefp_host host = { .len = key->len, .rule = rule, .frame = frame };

    if (tracker->software->len >= MAX_SOFTWARE || is_known(tracker->software, key, rule)) {
        return;
    }
    memcpy(host.bytes, key->bytes, sizeof host.bytes);
    g_array_append_val(tracker->software, host);
}
