/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes a capture: a sequence of packets (packets.h) through one tracker with small limits.
 *
 * After each packet: what was observed is found again, evidence and state keep their bounds. Again and again, and at
 * the end: earlier packets are found where they were, never in an older conversation, and their verdict has not
 * fallen, association aside. */
#include "packets.h"
#include "tracker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { REMEMBERED = 64, RECALL_EVERY = 16, MAX_PACKETS = 4096 };

/* A packet that was observed, for another look later. */
struct observed {
    skypefp_packet packet;
    uint8_t *data; /* the packet's own */
    enum skypefp_verdict verdict;
    uint32_t began;  /* TCP: its connection began here at the earliest, or 0 */
    bool associated; /* the verdict rests on another endpoint, which may be dropped */
    bool is_alone;   /* UDP: the first message of its frame, so that no other one can be taken for it */
};

/* What the last SYN between two endpoints said. */
struct connection {
    uint32_t isn;
    uint32_t began; /* frame of the last SYN with a number unlike the SYN's before it */
    bool has_syn;
    uint64_t n_dropped; /* streams that the tracker had dropped before that SYN */
};

struct run {
    struct packets packets;
    skypefp_tracker *tracker;
    struct observed observed[REMEMBERED];
    unsigned n;
    struct connection connection[MAX_ENDS][MAX_ENDS];
};

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n);

/* Endpoints may occur twice in the input: the first index of an address and port. */
static unsigned name_end(const struct packets *packets, const skypefp_address *end)
{
    unsigned i = 0;

    while (packets->ends[i].len != end->len || packets->ends[i].port != end->port ||
           memcmp(packets->ends[i].bytes, end->bytes, end->len) != 0) {
        i++;
    }
    return i;
}

static uint64_t count_dropped(const struct run *run)
{
    return run->tracker->streams.dropped + run->tracker->streams.dropped_kept;
}

/* Whether the tracker may know of no SYN before that of a packet that it has not seen yet: it was dropped, or data
 * far from it began another connection. Then the packet's may be the delayed one of what came since. */
static bool may_have_forgotten(const struct run *run, const struct connection *connection, const skypefp_packet *packet)
{
    enum stream_side side;
    const struct stream *stream =
        has_ip_addresses(packet) ? skypefp_streams_find(&run->tracker->streams, packet, &side) : NULL;

    return stream != NULL ? !stream->has_syn : connection->n_dropped != count_dropped(run);
}

/* Follows SYNs ahead of the tracker; the frame in which the packet's connection began at the earliest. */
static uint32_t follow_connection(struct run *run, const skypefp_packet *packet)
{
    unsigned a = name_end(&run->packets, &packet->src), b = name_end(&run->packets, &packet->dst);
    struct connection *connection = &run->connection[a < b ? a : b][a < b ? b : a];

    if (packet->transport != SKYPEFP_TCP) {
        return 0;
    }
    if ((packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == SKYPEFP_SYN) {
        if (connection->has_syn && connection->isn != packet->tcp_seq && !may_have_forgotten(run, connection, packet)) {
            connection->began = packet->frame;
        }
        connection->n_dropped = count_dropped(run);
        connection->isn = packet->tcp_seq;
        connection->has_syn = true;
    }
    return connection->began;
}

static void check_limits(const struct run *run)
{
    const skypefp_tracker *tracker = run->tracker;
    const skypefp_config *limits = &run->packets.limits;
    unsigned n_watched = tracker->streams.watched.length, n_kept = tracker->streams.kept.length;

    assert(tracker->endpoints.lru.length <= MAX(limits->max_endpoints, 2));
    assert(g_hash_table_size(tracker->endpoints.by_key) == tracker->endpoints.lru.length);
    assert(tracker->requests.queue.length <= limits->max_requests);
    assert(g_hash_table_size(tracker->requests.by_key) == tracker->requests.queue.length);
    assert(tracker->findings.n <= limits->max_findings);
    assert(tracker->findings.n_frames <= tracker->findings.n);
    assert(n_watched <= limits->max_streams && n_kept <= limits->max_findings);
    assert(g_hash_table_size(tracker->streams.kept_by_serial) == n_kept);
    assert(tracker->streams.chains.n_tuples <= n_watched + n_kept);
    assert(tracker->hosts.lru.length <= MAX_HOSTS && tracker->software->len <= MAX_SOFTWARE);
}

static void check_finding(const skypefp_sighting *sighting, const skypefp_packet *packet, uint32_t began)
{
    const skypefp_finding *finding = sighting->finding;

    assert(sighting->frame == packet->frame && finding->transport == packet->transport);
    bool is_shared =
        packet->transport == SKYPEFP_TCP || finding->src == NULL; /* a conversation, or the data of a pair */
    assert(is_shared ? finding->frame <= packet->frame : finding->frame == packet->frame);
    assert(finding->reply_in == 0 || finding->reply_in >= finding->frame);
    assert(finding->request_in <= finding->frame && finding->nak_in <= finding->frame);
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        assert(evidence->bits > 0 && evidence->bits <= SKYPEFP_MAX_BITS && skypefp_rule_at(evidence->rule) != NULL);
        assert(evidence->frame >= began); /* not that of a connection before */
        assert(evidence->frame >= finding->frame &&
               (packet->transport == SKYPEFP_TCP || evidence->frame == finding->frame));
        assert(packet->transport == SKYPEFP_TCP || (uint32_t)evidence->offset + evidence->length <= packet->wire_len);
    }
}

static skypefp_judgement judge(const struct run *run, const skypefp_sighting *sighting)
{
    skypefp_judgement judgement;
    bool is_marked = skypefp_judge(run->tracker, sighting, &judgement);

    assert(is_marked == (judgement.verdict != SKYPEFP_NONE) && is_marked == (judgement.endpoint != NULL));
    assert(judgement.endpoint == NULL || sighting->finding->transport == SKYPEFP_UDP ||
           judgement.endpoint == sighting->finding->src || judgement.endpoint == sighting->finding->dst);
    assert(!judgement.associated || judgement.verdict <= SKYPEFP_LIKELY);
    return judgement;
}

/* Looks at an earlier packet once more; it may have been dropped. */
static void recall(const struct run *run, struct observed *observed)
{
    skypefp_sighting sighting;

    if (skypefp_find(run->tracker, &observed->packet, &sighting)) {
        check_finding(&sighting, &observed->packet, observed->began);
        skypefp_judgement judgement = judge(run, &sighting);
        /* What comes later may show that a datagram is not its port's own. */
        assert(judgement.verdict >= observed->verdict || observed->associated || !observed->is_alone ||
               sighting.finding->transport == SKYPEFP_UDP);
        observed->verdict = judgement.verdict;
        observed->associated = judgement.associated;
    }
}

static void recall_all(struct run *run)
{
    for (unsigned i = 0; i < MIN(run->n, REMEMBERED); i++) {
        recall(run, &run->observed[i]);
    }
}

static void observe(struct run *run, const skypefp_packet *packet)
{
    struct observed *observed = &run->observed[run->n % REMEMBERED];
    uint32_t before = run->n > 0 ? run->observed[(run->n - 1) % REMEMBERED].packet.frame : 0;
    uint32_t began = follow_connection(run, packet);
    skypefp_sighting seen, found;
    bool is_seen = skypefp_observe(run->tracker, packet, &seen), is_found = skypefp_find(run->tracker, packet, &found);

    /* In one frame the same octets may have gone the other way before and after a tenancy ended. */
    assert(is_seen == is_found || (is_found && packet->frame == before));
    if (run->n >= REMEMBERED) {
        free(observed->data);
    }
    *observed = (struct observed){
        .packet = *packet,
        .data = run->packets.data,
        .began = began,
        .is_alone = packet->frame != before,
    };
    if (is_seen) {
        assert(!observed->is_alone || found.finding == seen.finding);
        assert(found.from_dst == seen.from_dst && found.frame == packet->frame);
        check_finding(&seen, packet, observed->began);
        skypefp_judgement judgement = judge(run, &found);
        observed->verdict = judgement.verdict;
        observed->associated = judgement.associated;
    }
    run->n++;
    check_limits(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n)
{
    struct run run = { .n = 0 };
    skypefp_packet packet;

    packets_begin(&run.packets, input, n);
    run.tracker = skypefp_tracker_new(&run.packets.limits);
    while (run.n < MAX_PACKETS && packets_next(&run.packets, &packet)) {
        observe(&run, &packet);
        if (run.n % RECALL_EVERY == 0) {
            recall_all(&run);
        }
    }
    recall_all(&run);
    for (unsigned i = 0; i < MIN(run.n, REMEMBERED); i++) {
        free(run.observed[i].data);
    }
    skypefp_tracker_free(run.tracker);
    return 0;
}
