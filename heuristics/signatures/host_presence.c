/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.presence: the host asks for names and pages that Skype's client asks for. Software is there; it says nothing
 * of any endpoint.
 *
 *   DNS     a query for conn.skype.com, a.config.skype.com, pipe.skype.com or dsn….d.skype.net
 *   HTTP    "GET / HTTP/1.0" with "Host: conn.skype.com" and "User-Agent: Skype WISPr"
 *
 * Source: four sessions of 2015 and 18 of 2016. */
#include "openings.h"
#include "signature.h"
#include "software.h"
#include "stream_signature.h"

enum { DNS_HEADER_LEN = 12, AT_FLAGS = 2, AT_QUESTIONS = 4, MAX_NAME = 255, MAX_LABEL = 63 };

/* Whether one of the labels of the first question's name is "skype": nearly always none is, and nothing is copied. */
static bool has_label_of_skype(const skypefp_packet *packet)
{
    static const char label[] = "skype";
    enum { LABEL_LEN = sizeof label - 1 };
    const uint8_t *data = packet->data;

    for (uint32_t at = DNS_HEADER_LEN; at < packet->len && data[at] > 0 && data[at] <= MAX_LABEL; at += 1u + data[at]) {
        if (data[at] == LABEL_LEN && at + LABEL_LEN < packet->len &&
            g_ascii_strncasecmp((const char *)data + at + 1, label, LABEL_LEN) == 0) {
            return true;
        }
    }
    return false;
}

/* Writes the first question's name in lower case; false: not a query, or its name was not captured whole. */
static bool read_name(const skypefp_packet *packet, char name[MAX_NAME + 1])
{
    const uint8_t *data = packet->data;
    uint32_t at = DNS_HEADER_LEN, len = 0;

    if (packet->len <= DNS_HEADER_LEN || data[AT_FLAGS] & 0xf8 || read_be16(data + AT_QUESTIONS) == 0) {
        return false;
    }
    while (at < packet->len && data[at] > 0 && data[at] <= MAX_LABEL) {
        uint32_t label_len = data[at];
        if (at + 1 + label_len > packet->len || len + 1 + label_len > MAX_NAME) {
            return false;
        }
        if (len > 0) {
            name[len++] = '.';
        }
        for (uint32_t i = 1; i <= label_len; i++) {
            name[len++] = g_ascii_tolower((char)(data[at + i] != 0 ? data[at + i] : '?'));
        }
        at += 1 + label_len;
    }
    name[len] = '\0';
    return at < packet->len && data[at] == 0;
}

static bool is_name_of_skype(const char *name)
{
    static const char *const names[] = { "conn.skype.com", "a.config.skype.com", "pipe.skype.com" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return g_str_has_prefix(name, "dsn") && g_str_has_suffix(name, ".d.skype.net");
}

G_GNUC_NO_INLINE static bool asks_for_skype(const skypefp_packet *packet)
{
    char name[MAX_NAME + 1];

    return read_name(packet, name) && is_name_of_skype(name);
}

static void observe_query(struct observation *observation)
{
    const skypefp_packet *packet = observation->packet;

    if (packet->dst.port == SKYPEFP_DNS_PORT && has_label_of_skype(packet) && asks_for_skype(packet)) {
        struct endpoint_key key = skypefp_key(&observation->tracker->hosts.hash_key, &packet->src);
        skypefp_software_note(observation->tracker, &key, observation->rule, packet->frame);
    }
}

static void observe_request(struct stream_observation *observation)
{
    static const char request_line[] = "GET / HTTP/1.0\r\n";
    const struct direction *request = stream_direction(observation, observation->sender);

    if (skypefp_opens_with(request, request_line, sizeof request_line - 1) &&
        skypefp_contains(request, "host: conn.skype.com\r\n") &&
        skypefp_contains(request, "user-agent: skype wispr\r\n")) {
        skypefp_software_note(observation->tracker, &observation->stream->key[observation->sender], observation->rule,
                              request->first_frame);
    }
}

const struct signature skypefp_signature_host_presence = {
    .rule = {
        .key = "host.presence",
        .group = SKYPEFP_GROUP_PRESENCE,
        .bits = 0,
        .sentence = "The host asks for a name or page of Skype's client",
        .source = "sessions of 2015 and 2016",
        .basis = SKYPEFP_BASIS_NONE,
        .reason = "says nothing of an endpoint",
    },
    .observe_port = observe_query,
    .observe_stream = observe_request,
    .opening = 'G',
};
