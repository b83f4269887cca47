/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Endpoints: how long a tenancy lasts, whose generator it is, and what stays known of one that leaves the table. */
#include "association.h"
#include "endpoints.h"
#include "feed.h"
#include "proof.h"

enum { PORT = 35990, LIMIT = 4 };
static const uint32_t HOST = 0xc0a80102, PEER = 0xc6336407;
static const int64_t SECOND = 1000000, HOUR = INT64_C(3600) * 1000000, DAY = INT64_C(24) * 3600 * 1000000;

static struct endpoint_table endpoints;

static void begin(void)
{
    skypefp_endpoints_init(&endpoints, LIMIT, 1);
}

static void end(void)
{
    skypefp_endpoints_clear(&endpoints);
}

static skypefp_endpoint *touch(uint32_t host, int64_t time_us)
{
    uint8_t bytes[SKYPEFP_IPV4_LEN];
    skypefp_address address = { bytes, sizeof bytes, PORT, 0 };

    feed_be32(bytes, host);
    return skypefp_endpoints_touch(&endpoints, &address, time_us);
}

/* Evidence of the first rule of a group. */
static void add(skypefp_endpoint *endpoint, enum skypefp_group group, uint8_t bits, uint32_t frame, int64_t time_us)
{
    const struct proving nothing = { .octets = NULL };
    skypefp_evidence evidence = { .frame = frame, .bits = bits };

    while (skypefp_rule_at(evidence.rule)->group != group) {
        evidence.rule++;
    }
    skypefp_endpoint_add(endpoint, &evidence, time_us, &nothing);
}

/* From its last evidence on, to the microsecond. */
static void test_tenancy(void)
{
    begin();
    skypefp_endpoint *first = touch(HOST, 0);
    g_assert_true(touch(HOST, DAY) == first); /* nothing was found: a day after it was last asked for */
    g_assert_true(touch(HOST, 2 * DAY) == first);
    add(first, SKYPEFP_GROUP_HEADER, 16, 1, 0);
    add(first, SKYPEFP_GROUP_HEADER, 16, 2, 5 * SECOND);
    g_assert_true(touch(HOST, 5 * SECOND + HOUR) == first);
    g_assert_true(touch(HOST, -DAY) == first); /* a clock that runs backwards */
    uint32_t serial = first->serial;
    skypefp_endpoint *second = touch(HOST, 5 * SECOND + HOUR + 1);
    g_assert_cmpuint(second->serial, !=, serial);
    serial = second->serial;
    g_assert_cmpuint(touch(HOST, 5 * SECOND + HOUR + 2 + DAY)->serial, !=, serial);
    end();
}

static void test_listening_tenancy(void)
{
    begin();
    skypefp_endpoint *first = touch(HOST, 0);
    add(first, SKYPEFP_GROUP_FACADE, 16, 1, 0);
    first->is_listening = true;
    g_assert_true(touch(HOST, DAY) == first);
    uint32_t serial = first->serial;
    g_assert_cmpuint(touch(HOST, DAY + 1)->serial, !=, serial);
    end();
}

/* Likely by the generator alone, and half of what was tested fits: a supernode's payloads do not. */
static void test_own_generator(void)
{
    begin();
    skypefp_endpoint *endpoint = touch(HOST, 0);
    add(endpoint, SKYPEFP_GROUP_ADDRESS, 32, 1, 0);
    add(endpoint, SKYPEFP_GROUP_GENERATOR, 22, 2, 0);
    endpoint->n_tested = endpoint->n_fitted = 1;
    g_assert_false(skypefp_endpoint_has_own_generator(endpoint));
    add(endpoint, SKYPEFP_GROUP_GENERATOR, 1, 3, 0);
    g_assert_true(skypefp_endpoint_has_own_generator(endpoint));
    endpoint->n_tested = 16;
    endpoint->n_fitted = 8;
    g_assert_true(skypefp_endpoint_has_own_generator(endpoint));
    endpoint->n_fitted = 7;
    g_assert_false(skypefp_endpoint_has_own_generator(endpoint));
    end();
}

/* The proof is the frame that made it likely, not a later one. */
static void test_proof(void)
{
    begin();
    skypefp_endpoint *endpoint = touch(HOST, 0);
    add(endpoint, SKYPEFP_GROUP_HEADER, 16, 1, 0);
    g_assert_cmpuint(endpoint->proof_frame, ==, 0);
    add(endpoint, SKYPEFP_GROUP_ADDRESS, 32, 2, 0);
    add(endpoint, SKYPEFP_GROUP_CHAIN, 64, 3, 0);
    g_assert_cmpuint(endpoint->proof_frame, ==, 2);
    end();
}

/* An asker that is certain by the time that its answerer leaves the table makes it a peer for good. */
static void test_answerer_leaves(void)
{
    begin();
    skypefp_endpoint *answerer = skypefp_endpoint_ref(touch(PEER, 0)), *asker = touch(HOST, 0);
    skypefp_endpoint_add_answered(answerer, asker, 7);
    g_assert_cmpuint(skypefp_endpoint_peer_frame(answerer), ==, 0);
    add(asker, SKYPEFP_GROUP_CHAIN, 64, 8, 0);
    for (uint32_t i = 1; i <= 2 * LIMIT; i++) {
        touch(PEER + i, 0);
    }
    g_assert_null(answerer->answered);
    g_assert_cmpuint(skypefp_endpoint_peer_frame(answerer), ==, 7);
    skypefp_endpoint_unref(answerer);
    end();
}

/* However often it answers one asker, there is room for others. */
static void test_one_asker_again_and_again(void)
{
    begin();
    skypefp_endpoint *answerer = touch(PEER, 0), *often = touch(HOST, 0), *once = touch(HOST + 1, 0),
                     *last = touch(HOST + 2, 0);
    for (uint32_t frame = 1; frame <= 2 * MAX_ANSWERED; frame++) {
        skypefp_endpoint_add_answered(answerer, often, frame);
    }
    skypefp_endpoint_add_answered(answerer, once, 5 * MAX_ANSWERED);
    skypefp_endpoint_add_answered(answerer, last, 6 * MAX_ANSWERED);
    add(once, SKYPEFP_GROUP_CHAIN, 64, 100, 0);
    g_assert_cmpuint(skypefp_endpoint_peer_frame(answerer), ==, 5 * MAX_ANSWERED);
    end();
}

/* One takes over the evidence of another: what both have is joined, what proved that one proves it. */
static void test_adopted(void)
{
    unsigned n;

    begin();
    skypefp_endpoint *own = touch(HOST, 0), *proven = touch(HOST + 1, 0), *weak = touch(HOST + 2, 0);
    add(own, SKYPEFP_GROUP_PORT, 4, 1, 2);
    add(proven, SKYPEFP_GROUP_PORT, 2, 2, 1);
    add(proven, SKYPEFP_GROUP_CHAIN, 64, 3, 3);
    g_assert_cmpuint(proven->proof_frame, ==, 3);
    skypefp_endpoint_adopt(own, proven, 9, 9);
    const skypefp_tally *tallies = skypefp_endpoint_tallies(own, &n);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpuint(tallies[0].hits, ==, 2);
    g_assert_cmpuint(tallies[0].best_bits, ==, 4);
    g_assert_cmpuint(tallies[1].first_frame, ==, 3);
    g_assert_nonnull(tallies[1].proof);
    g_assert_cmpuint(own->proof_frame, ==, 3);
    g_assert_cmpint(own->proof_us, ==, 3);
    g_assert_cmpint(own->first_us, ==, 1);
    g_assert_cmpint(own->last_us, ==, 3);
    g_assert_null(skypefp_endpoint_tallies(proven, &n));
    skypefp_endpoint_adopt(own, weak, 9, 9); /* which has nothing */
    g_assert_cmpuint(own->proof_frame, ==, 3);
    add(weak, SKYPEFP_GROUP_HEADER, 16, 4, 4);
    skypefp_endpoint *together = touch(HOST + 3, 0);
    add(together, SKYPEFP_GROUP_GENERATOR, 13, 5, 5);
    skypefp_endpoint_adopt(together, weak, 9, 9); /* neither was enough by itself */
    g_assert_cmpuint(together->proof_frame, ==, 9);
    g_assert_cmpint(together->proof_us, ==, 9);
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/endpoints/tenancy", test_tenancy);
    g_test_add_func("/endpoints/listening-tenancy", test_listening_tenancy);
    g_test_add_func("/endpoints/own-generator", test_own_generator);
    g_test_add_func("/endpoints/proof", test_proof);
    g_test_add_func("/endpoints/answerer-leaves", test_answerer_leaves);
    g_test_add_func("/endpoints/one-asker-again-and-again", test_one_asker_again_and_again);
    g_test_add_func("/endpoints/adopted", test_adopted);
    return g_test_run();
}
