/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.http_facade and tcp.garbage_answer: one endpoint, two answers that no server gives both of.
 *
 *   request   "GET "…                       answer   "HTTP/1.0 404 Not Found\r\n\r\n" (26 octets) and the close
 *                                           older    "HTTP/1.0 501 Not Implemented\r\n\r\n"
 *   anything  "random data\r\n\r\n", …      answer   binary, at least 14 octets, on another connection
 *
 * Source: Conley, "Fiddling Around with Skype", 2009; Nmap's skypev2-version.nse; the 501: Bonfiglio et al., SIGCOMM
 * 2007. No capture holds a real one, so 16 and 27 bits are a convention: the bare 404 alone is possible (XBT's
 * tracker and toy servers send it), the contradiction likely. A server that answers everything with binary never
 * shows the facade. */
#include "openings.h"
#include "stream_signature.h"
#include "times.h"
#include "verdict.h"

enum { FACADE_BITS = 16, GARBAGE_BITS = 27, GARBAGE_OCTETS = 14, BINARY_AMONG = 15, MIN_BINARY = 3 };

static const char *const bare_answers[] = { "HTTP/1.0 404 Not Found\r\n\r\n", "HTTP/1.0 501 Not Implemented\r\n\r\n" };

/* The two halves on one endpoint; both signatures share the memory of tcp.garbage_answer. */
struct halves {
    uint32_t facade; /* serial of the last conversation with the facade; 0: none yet */
    uint32_t facade_frame;
    uint32_t binary; /* serial of the first conversation that was answered with binary before the facade; 0: none */
    int64_t facade_us, binary_us; /* when; halves more than a tenancy apart may be those of two owners */
};

static bool is_one_owner(int64_t a_us, int64_t b_us)
{
    int64_t apart_us = elapsed_us(a_us, b_us);

    return apart_us <= skypefp_tenancy_us(true) && apart_us >= -skypefp_tenancy_us(true);
}

static bool sent_exactly(const struct direction *direction, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);

    return direction->is_closed && direction->fin_at == len && direction->end == len &&
           skypefp_opens_with(direction, text, len);
}

/* Begins as a bare answer does, whatever follows. */
static bool opens_as_facade(const struct direction *direction)
{
    static const char status_404[] = "HTTP/1.0 404 Not Found\r\n", status_501[] = "HTTP/1.0 501 Not Implemented\r\n";

    return skypefp_opens_with(direction, status_404, sizeof status_404 - 1) ||
           skypefp_opens_with(direction, status_501, sizeof status_501 - 1);
}

static bool is_facade(const struct stream_observation *observation)
{
    if (!skypefp_opens_as_http_request(stream_direction(observation, INITIATOR))) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bare_answers); i++) {
        if (sent_exactly(stream_direction(observation, RESPONDER), bare_answers[i])) {
            return true;
        }
    }
    return false;
}

static void observe_facade(struct stream_observation *observation)
{
    const struct direction *answer = stream_direction(observation, RESPONDER);

    if (!answer->is_closed) {
        return;
    }
    if (skypefp_stream_bits(observation, RESPONDER) == 0 && is_facade(observation)) {
        stream_shows_sides(observation);
        skypefp_stream_add(observation, RESPONDER, FACADE_BITS, 0, answer->end,
                           stream_direction(observation, INITIATOR)->first_frame, 0);
    } else if (opens_as_facade(answer)) {
        skypefp_stream_near(observation, "something follows the status line or precedes the request");
    }
}

const struct signature skypefp_signature_tcp_http_facade = {
    .rule = {
        .key = "tcp.http_facade",
        .group = SKYPEFP_GROUP_FACADE,
        .bits = FACADE_BITS,
        .basis = SKYPEFP_BASIS_CONVENTION,
        .reason = "no capture of it exists",
        .sentence = "An HTTP request gets the bare 404 or 501, no header, and the close",
        .source = "Conley 2009; Nmap skypev2-version; a convention",
        .face = "http",
        .conversation = "Fake HTTP server",
    },
    .observe_stream = observe_facade,
    .of_responders = true,
};

static bool is_text_or_known(const struct direction *direction)
{
    return skypefp_opens_as_http_request(direction) || skypefp_opens_as_known_binary(direction);
}

/* Whether one octet fills much of the answer's beginning, which happens once in 16,000 times where it is encrypted:
 * headers of binary protocols have zeros, BGP's marker is 16 times ff. */
static bool has_repeated_octet(const struct direction *answer)
{
    enum { MAX_ALIKE = 3 };

    for (uint32_t i = 0; i < GARBAGE_OCTETS; i++) {
        unsigned n_alike = 0;
        for (uint32_t k = 0; k < GARBAGE_OCTETS; k++) {
            n_alike += answer->first[k] == answer->first[i];
        }
        if (n_alike > MAX_ALIKE) {
            return true;
        }
    }
    return false;
}

/* The initiator spoke first, and neither HTTP nor another protocol that is answered with binary; the answer is
 * binary. */
static bool is_binary_answer(const struct stream_observation *observation)
{
    const struct direction *request = stream_direction(observation, INITIATOR);
    const struct direction *answer = stream_direction(observation, RESPONDER);

    return request->n > 0 && answer->n >= GARBAGE_OCTETS && !request->is_late && !answer->is_late &&
           request->first_frame < answer->first_frame && !is_text_or_known(request) && !is_text_or_known(answer) &&
           skypefp_count_binary(answer, BINARY_AMONG) >= MIN_BINARY && !has_repeated_octet(answer);
}

/* The facade was seen by the signature before this one; its half completes a binary answer that came earlier. */
static void complete_earlier(struct stream_observation *observation, struct halves *halves)
{
    uint32_t frame = stream_direction(observation, RESPONDER)->last_frame;

    halves->facade = observation->stream->serial;
    halves->facade_frame = frame;
    halves->facade_us = observation->packet->time_us;
    if (halves->binary != 0 && is_one_owner(halves->binary_us, halves->facade_us)) {
        skypefp_stream_add_to(observation, halves->binary, RESPONDER, GARBAGE_BITS, frame);
        halves->binary = 0;
    }
}

static void take_binary_answer(struct stream_observation *observation, struct halves *halves)
{
    int64_t now_us = observation->packet->time_us;

    if (halves->facade != 0 && is_one_owner(halves->facade_us, now_us)) {
        skypefp_stream_add(observation, RESPONDER, GARBAGE_BITS, 0, stream_direction(observation, RESPONDER)->n,
                           halves->facade_frame, 0);
    } else if (halves->binary == 0 || !is_one_owner(halves->binary_us, now_us)) {
        halves->binary = observation->stream->serial;
        halves->binary_us = now_us;
        observation->stream->is_half = true;
        skypefp_stream_keep(observation);
    }
}

static void observe_garbage(struct stream_observation *observation)
{
    if (skypefp_stream_bits(observation, RESPONDER) > 0) {
        return;
    }
    bool facade = stream_direction(observation, RESPONDER)->is_closed && is_facade(observation);

    if (facade || is_binary_answer(observation)) {
        skypefp_endpoint *answerer = skypefp_stream_endpoint(observation, RESPONDER);
        struct halves *halves = skypefp_endpoint_memory(answerer, observation->rule, sizeof(struct halves));
        if (facade) {
            complete_earlier(observation, halves);
        } else if (halves->binary != observation->stream->serial) {
            take_binary_answer(observation, halves);
        }
    }
}

const struct signature skypefp_signature_tcp_garbage_answer = {
    .rule = {
        .key = "tcp.garbage_answer",
        .group = SKYPEFP_GROUP_FACADE,
        .bits = GARBAGE_BITS,
        .basis = SKYPEFP_BASIS_CONVENTION,
        .reason = "no capture of it exists",
        .sentence = "The endpoint of the bare 404 answers garbage with binary on another connection",
        .source = "Conley 2009; Nmap skypev2-version; a convention",
        .face = "garbage",
        .conversation = "Binary answer of a fake HTTP server",
    },
    .memory_size = sizeof(struct halves),
    .observe_stream = observe_garbage,
    .of_responders = true,
};
