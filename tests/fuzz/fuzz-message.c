/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes one UDP payload: what the parser says of it lies inside it, and what was observed is found again.
 *
 *   cut(1) payload       cut octets more were on the wire than captured */
#include "message.h"
#include "skypefp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n);

static void check_field(bool is_there, unsigned at, unsigned n, uint32_t len)
{
    assert(!is_there || (at > SKYPEFP_AT_FUNCTION && at + n <= len));
}

static void check_message(const uint8_t *data, uint32_t len, uint32_t wire_len)
{
    skypefp_message message = skypefp_message_parse(data, len, wire_len);

    assert(message.function == skypefp_message_shape(data, len, wire_len));
    check_field(message.has_iv, message.iv_at, 4, len);
    check_field(message.has_crc, message.crc_at, 4, len);
    check_field(message.has_address, message.address_at, 4, len);
    check_field(message.has_challenge, message.challenge_at, 4, len);
    check_field(message.has_request_id, SKYPEFP_AT_FRAGMENT_REQUEST, 2, len);
    assert(message.fragment_index < 128);
    if (message.function == SKYPEFP_FN_NONE || message.function == SKYPEFP_FN_DATA) {
        assert(!message.has_iv && !message.has_crc && !message.has_address && !message.has_challenge &&
               !message.has_request_id);
    } else {
        assert(len > SKYPEFP_AT_FUNCTION && wire_len >= SKYPEFP_ANSWER_LEN);
        assert(message.function == (data[SKYPEFP_AT_FUNCTION] & SKYPEFP_FN_MASK));
    }
    assert(message.has_request_id == (message.function == SKYPEFP_FN_FRAGMENT));
}

static void check_evidence(const skypefp_finding *finding, uint32_t wire_len)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        assert(evidence->bits <= SKYPEFP_MAX_BITS && skypefp_rule_at(evidence->rule) != NULL);
        assert(evidence->frame == finding->frame && evidence->related_frame != 0);
        assert((uint32_t)evidence->offset + evidence->length <= wire_len);
    }
}

/* Forth, back and forth again: the same octets as request, as answer to themselves, and as copy. */
static void observe(const uint8_t *data, uint32_t len, uint32_t wire_len)
{
    static const uint8_t one[] = { 192, 168, 0, 19 }, other[] = { 192, 168, 0, 14 };
    skypefp_config config = skypefp_default_config();
    skypefp_tracker *tracker = skypefp_tracker_new(&config);
    skypefp_address asker = { one, sizeof one, 35990, 0 }, answerer = { other, sizeof other, 13021, 0 };

    for (uint32_t frame = 1; frame <= 3; frame++) {
        skypefp_packet packet = {
            .frame = frame,
            .transport = SKYPEFP_UDP,
            .time_us = (int64_t)frame * 1000,
            .data = data,
            .len = len,
            .wire_len = wire_len,
            .src = frame == 2 ? answerer : asker,
            .dst = frame == 2 ? asker : answerer,
        };
        skypefp_sighting seen, found;
        skypefp_judgement judgement;
        bool is_seen = skypefp_observe(tracker, &packet, &seen), is_found = skypefp_find(tracker, &packet, &found);

        assert(is_seen == is_found);
        if (is_seen) {
            assert(found.finding == seen.finding && found.frame == frame && found.from_dst == seen.from_dst &&
                   (!found.from_dst || found.finding->src == NULL));
            bool is_shared = seen.finding->src == NULL; /* by the data of its pair */
            assert(is_shared ? seen.finding->frame <= frame : seen.finding->frame == frame);
            assert(seen.finding->transport == SKYPEFP_UDP);
            check_evidence(seen.finding, wire_len);
            skypefp_judge(tracker, &seen, &judgement);
        }
    }
    skypefp_tracker_free(tracker);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n)
{
    if (n < 1 || n > 65536) {
        return 0;
    }
    uint32_t len = (uint32_t)n - 1, wire_len = len + input[0];
    uint8_t *data = NULL;

    if (len > 0) {
        data = malloc(len); /* exact, so that a sanitizer sees a step too far */
        assert(data != NULL);
        memcpy(data, input + 1, len);
    }
    check_message(data, len, wire_len);
    observe(data, len, wire_len);
    free(data);
    return 0;
}
