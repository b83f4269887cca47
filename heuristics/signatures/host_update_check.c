/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.update_check: the host asks for Skype's latest version. Software is there; it says nothing of any endpoint.
 *
 *   GET http://ui.skype.com/ui/…/getlatestversion?ver=…       an absolute URI, and no User-Agent
 *
 * Source: skype-irc.cap 406, 2030. */
#include "openings.h"
#include "software.h"
#include "stream_signature.h"

static const char request_start[] = "GET http://ui.skype.com/ui/";

static void observe_update_check(struct stream_observation *observation)
{
    const struct direction *request = stream_direction(observation, observation->sender);
    const struct endpoint_key *key = &observation->stream->key[observation->sender];

    if (skypefp_opens_with(request, request_start, sizeof request_start - 1) &&
        skypefp_contains(request, "getlatestversion?ver=") && !skypefp_contains(request, "user-agent:")) {
        skypefp_software_note(observation->tracker, key, observation->rule, request->first_frame);
    }
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
    .opening = 'G',
};
