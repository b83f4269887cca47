/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what the fingerprints say of a case with what the case tells. */
#include "vector_compare.h"

#include "vector_edge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void differ(struct run *run, unsigned line, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s:%u: %s: ", run->path, line, run->in->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    run->n_failures++;
}

static bool is_as_told(int64_t told, uint32_t actual)
{
    return told == NOT_TOLD || told == actual;
}

static void compare_evidence(struct run *run, const struct vector_packet *expected, const skypefp_sighting *sighting)
{
    const skypefp_evidence *evidence = sighting != NULL ? sighting->finding->evidence : NULL;
    bool *met = g_new0(bool, expected->fires->len + 1);

    for (; evidence != NULL; evidence = evidence->next) {
        unsigned i = 0;
        if (evidence->frame != expected->packet.frame) {
            continue;
        }
        run->n_evidence++;
        run->fired[evidence->rule] = true;
        for (; i < expected->fires->len; i++) {
            const struct vector_evidence *told = &g_array_index(expected->fires, struct vector_evidence, i);
            if (!met[i] && told->rule == evidence->rule && told->bits == evidence->bits &&
                is_as_told(told->related_frame, evidence->related_frame) &&
                is_as_told(told->detail, evidence->detail)) {
                break;
            }
        }
        met[i] = true;
        if (i == expected->fires->len) {
            differ(run, expected->line, "frame %u fires %s %u @%u +%u, which is not expected", evidence->frame,
                   skypefp_rule_at(evidence->rule)->key, evidence->bits, evidence->related_frame, evidence->detail);
        }
        if ((evidence->of_dst != sighting->from_dst && evidence->length > 0) ||
            evidence->offset > expected->packet.wire_len) {
            differ(run, expected->line, "frame %u: %s looked at octets %u to %u of another packet", evidence->frame,
                   skypefp_rule_at(evidence->rule)->key, evidence->offset, evidence->offset + evidence->length);
        }
    }
    for (unsigned i = 0; i < expected->fires->len; i++) {
        const struct vector_evidence *told = &g_array_index(expected->fires, struct vector_evidence, i);
        if (!met[i]) {
            differ(run, expected->line, "frame %u does not fire %s %u as told", expected->packet.frame,
                   skypefp_rule_at(told->rule)->key, told->bits);
        }
    }
    g_free(met);
}

static void compare_links(struct run *run, const struct vector_packet *expected, const skypefp_sighting *sighting)
{
    static const skypefp_finding nothing;
    const skypefp_finding *finding = sighting != NULL ? sighting->finding : &nothing;

    if (expected->has_links && (finding->request_in != expected->request || finding->reply_in != expected->reply ||
                                finding->nak_in != expected->nak || finding->resend_in != expected->resend)) {
        differ(run, expected->line, "frame %u has links request=%u reply=%u nak=%u resend=%u", expected->packet.frame,
               finding->request_in, finding->reply_in, finding->nak_in, finding->resend_in);
    }
    if (expected->unjudged != NULL &&
        strcmp(expected->unjudged, finding->unjudged != NULL ? finding->unjudged : "-") != 0) {
        differ(run, expected->line, "frame %u: unjudged is %s, expected %s", expected->packet.frame,
               finding->unjudged != NULL ? finding->unjudged : "not told", expected->unjudged);
    }
}

/* Rules that show in a sum or a list, and not as evidence of a packet. */
static void note_fired(struct run *run, const char *key)
{
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        run->fired[i] = run->fired[i] || strcmp(skypefp_rule_at(i)->key, key) == 0;
    }
}

static const struct vector_standing *find_standing(const struct vector_case *in, const struct vector_endpoint *endpoint,
                                                   bool is_initiator)
{
    for (unsigned i = 0; i < in->standings->len; i++) {
        const struct vector_standing *standing = g_ptr_array_index(in->standings, i);
        if (standing->is_initiator == is_initiator && is_same_endpoint(&standing->endpoint, endpoint)) {
            return standing;
        }
    }
    return NULL;
}

static struct vector_endpoint name_endpoint(const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);
    struct vector_endpoint name = { .len = address.len, .port = address.port };

    memcpy(name.bytes, address.bytes, address.len);
    return name;
}

static void compare_association(struct run *run, const skypefp_judgement *judgement)
{
    if (judgement->endpoint == NULL) {
        return;
    }
    struct vector_endpoint endpoint = name_endpoint(judgement->endpoint);
    const struct vector_standing *told =
        find_standing(run->in, &endpoint, skypefp_endpoint_is_initiator(judgement->endpoint));

    if (told != NULL && told->associated != judgement->associated) {
        differ(run, told->line, "the sum %s endpoint.peer", judgement->associated ? "contains" : "does not contain");
    }
    if (told != NULL && told->on_proven_host != judgement->on_proven_host) {
        differ(run, told->line, "the sum %s host.proven", judgement->on_proven_host ? "contains" : "does not contain");
    }
    if (judgement->on_proven_host) {
        note_fired(run, "host.proven");
    }
}

/* Compares one side of a conversation that is no listening endpoint. */
static void compare_initiator(struct run *run, unsigned line, const skypefp_endpoint *initiator)
{
    if (initiator == NULL || !skypefp_endpoint_is_initiator(initiator)) {
        return;
    }
    struct vector_endpoint endpoint = name_endpoint(initiator);
    const struct vector_standing *told = find_standing(run->in, &endpoint, true);
    int bits;
    const char *name = skypefp_verdict_name(skypefp_endpoint_verdict(run->tracker, initiator, &bits));

    if (bits != (told != NULL ? told->bits : SKYPEFP_PRIOR_BITS) ||
        strcmp(name, told != NULL ? told->verdict : "none") != 0) {
        differ(run, told != NULL ? told->line : line, "the initiator with port %u is %s with %d bits", endpoint.port,
               name, bits);
    }
    run->n_initiators += told != NULL;
}

static void compare_mark(struct run *run, const struct vector_packet *expected, const skypefp_sighting *sighting)
{
    skypefp_judgement judgement = { .verdict = SKYPEFP_NONE };
    bool is_expected = false;

    if (sighting != NULL) {
        skypefp_judge(run->tracker, sighting, &judgement);
    }
    for (unsigned i = 0; i < run->in->marked->len; i++) {
        is_expected = is_expected || g_array_index(run->in->marked, uint32_t, i) == expected->packet.frame;
    }
    if (is_expected != (judgement.verdict >= SKYPEFP_LIKELY)) {
        differ(run, expected->line, "frame %u is %s (%d bits), which is not expected", expected->packet.frame,
               skypefp_verdict_name(judgement.verdict), judgement.bits);
    }
    compare_association(run, &judgement);
}

/* An endpoint that the case does not tell of stands at the prior. */
static void compare_endpoint(struct run *run, unsigned line, const struct vector_endpoint *expected)
{
    const struct vector_standing *told = find_standing(run->in, expected, false);
    skypefp_address address = vector_address(expected);
    const skypefp_endpoint *endpoint = skypefp_endpoint_find(run->tracker, &address);
    int bits = SKYPEFP_PRIOR_BITS;
    enum skypefp_verdict verdict =
        endpoint != NULL ? skypefp_endpoint_verdict(run->tracker, endpoint, &bits) : SKYPEFP_NONE;
    const char *name = skypefp_verdict_name(verdict);

    if (bits != (told != NULL ? told->bits : SKYPEFP_PRIOR_BITS) ||
        strcmp(name, told != NULL ? told->verdict : "none") != 0) {
        differ(run, told != NULL ? told->line : line, "the endpoint with port %u is %s with %d bits", expected->port,
               name, bits);
    } else if (told != NULL && told->associated) {
        note_fired(run, "endpoint.peer");
    }
}

/* Compares an endpoint of a packet unless an earlier packet had it. */
static void compare_new_endpoint(struct run *run, unsigned at, const struct vector_endpoint *endpoint)
{
    for (unsigned i = 0; i < at; i++) {
        if (is_same_endpoint(&packet_at(run->in, i)->src, endpoint) ||
            is_same_endpoint(&packet_at(run->in, i)->dst, endpoint)) {
            return;
        }
    }
    compare_endpoint(run, packet_at(run->in, at)->line, endpoint);
}

static void compare_hosts(struct run *run)
{
    unsigned n;
    const skypefp_host *hosts = skypefp_tracker_hosts(run->tracker, &n);

    for (unsigned i = 0; i < n; i++) {
        run->fired[hosts[i].rule] = true;
    }
    if (n != run->in->hosts->len) {
        differ(run, run->in->line, "%u hosts with Skype software, expected %u", n, run->in->hosts->len);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        const struct vector_host *told = &g_array_index(run->in->hosts, struct vector_host, i);
        if (told->len != hosts[i].len || told->frame != hosts[i].frame ||
            memcmp(told->bytes, hosts[i].bytes, told->len) != 0) {
            differ(run, run->in->line, "host %u of the list is another one, from frame %u", i, hosts[i].frame);
        }
    }
}

void compare_case(struct run *run)
{
    for (unsigned i = 0; i < run->in->packets->len; i++) {
        const struct vector_packet *expected = packet_at(run->in, i);
        skypefp_sighting sighting;
        bool is_found = call_at_edge(run->tracker, expected, false, UINT32_MAX, &sighting);

        compare_evidence(run, expected, is_found ? &sighting : NULL);
        compare_links(run, expected, is_found ? &sighting : NULL);
        compare_mark(run, expected, is_found ? &sighting : NULL);
        if (is_found) {
            compare_initiator(run, expected->line, sighting.finding->src);
            compare_initiator(run, expected->line, sighting.finding->dst);
        }
        compare_new_endpoint(run, i, &expected->src);
        compare_new_endpoint(run, i, &expected->dst);
    }
    compare_hosts(run);
    /* Endpoints that no packet of the case has: targets behind a proxy. */
    for (unsigned i = 0; i < run->in->standings->len; i++) {
        const struct vector_standing *told = g_ptr_array_index(run->in->standings, i);
        if (!told->is_initiator) {
            compare_endpoint(run, told->line, &told->endpoint);
        }
        if (told->is_initiator && run->n_initiators == 0) {
            differ(run, told->line, "no conversation with findings has this initiator");
        }
    }
    if (run->in->says_nothing && (run->n_evidence > 0 || run->in->standings->len > 0 || run->in->hosts->len > 0)) {
        differ(run, run->in->line, "something fires, and the case says nothing does");
    }
}
