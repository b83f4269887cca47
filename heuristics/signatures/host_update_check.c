/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.update_check: the host asks for Skype's latest version. Software is there; it says nothing of any endpoint.
 *
 *   GET http://ui.skype.com/ui/…/getlatestversion?ver=…       an absolute URI, and no User-Agent
 *
 * Source: skype-irc.cap 406, 2030. */
#include "openings.h"
#include "signature.h"
#include "tracker.h"

static const char request_start[] = "GET http://ui.skype.com/ui/";

static bool contains(const struct direction *direction, const char *text)
{
    char octets[FIRST_OCTETS + 1] = { 0 };

    for (uint32_t i = 0; i < direction->n; i++) {
        octets[i] = (char)(direction->first[i] != 0 ? g_ascii_tolower((char)direction->first[i]) : ' ');
    }
    return strstr(octets, text) != NULL;
}

static bool is_known(const GArray *software, const struct endpoint_key *key)
{
    for (unsigned i = 0; i < software->len; i++) {
        const skypefp_host *host = &g_array_index(software, skypefp_host, i);
        if (host->len == key->len && memcmp(host->bytes, key->bytes, sizeof host->bytes) == 0) {
            return true;
        }
    }
    return false;
}

static void observe_update_check(struct stream_observation *observation)
{
    const struct direction *request = stream_direction(observation, observation->sender);
    const struct endpoint_key *key = &observation->stream->key[observation->sender];
    GArray *software = observation->tracker->software;

    if (!skypefp_opens_with(request, request_start, sizeof request_start - 1) || !contains(request, "getlatestversion?ver=") ||
        contains(request, "user-agent:") || software->len >= MAX_SOFTWARE || is_known(software, key)) {
        return;
    }
    skypefp_host host = { .len = key->len, .frame = request->first_frame };
    memcpy(host.bytes, key->bytes, sizeof host.bytes);
    g_array_append_val(software, host);
}

const struct signature skypefp_signature_host_update_check = {
    .rule = {
        .key = "host.update_check",
        .group = SKYPEFP_GROUP_PRESENCE,
        .bits = 0,
        .basis = SKYPEFP_BASIS_NONE,
        .reason = "says nothing of an endpoint",
        .sentence = "The host asks for Skype's latest version",
        .source = "skype-irc.cap 406, 2030",
    },
    .observe_stream = observe_update_check,
};
