/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plugin that is skypefp, and counts: it stands between Wireshark's packets and the fingerprints (ld --wrap).
 *
 * So what is counted is what the plugin sees: tunnels, reassembled datagrams, damaged captures. When a capture is
 * closed its counts are appended to the file that SKYPEFP_TRIALS names, a line each, tab-separated:
 *
 *   capture                                                   one was closed, and the lines before are its
 *   what rule unit opportunity chance                         what is counted (trials.h)
 *   n  seen|opportunity|chance|hit|near  rule  sender  receiver  text
 *
 * hit: evidence of the sender. near: text is the condition that failed; near misses are noted, whatever the
 * preferences say. */
#include "trials.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

struct trials {
    GHashTable *counts; /* "kind rule sender receiver text" -> guint64 */
};

/* A capture that is open. */
struct capture {
    struct trials *trials;
    struct udp_trials *udp;
    struct tcp_trials *tcp;
};

static GHashTable *captures; /* skypefp_tracker -> struct capture */

/* What the linker puts in front of the fingerprints, and what it has put aside: the names are its.
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
bool __wrap_skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);
bool __real_skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);
skypefp_tracker *__wrap_skypefp_tracker_new(const skypefp_config *config);
skypefp_tracker *__real_skypefp_tracker_new(const skypefp_config *config);
void __wrap_skypefp_tracker_free(skypefp_tracker *tracker);
void __real_skypefp_tracker_free(skypefp_tracker *tracker);
void __wrap_skypefp_stream_unwatch(struct stream_table *table, struct stream *stream);
void __real_skypefp_stream_unwatch(struct stream_table *table, struct stream *stream);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

char *trials_name(const skypefp_address *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    bool is_ipv4 = address->len == SKYPEFP_IPV4_LEN;

    inet_ntop(is_ipv4 ? AF_INET : AF_INET6, address->bytes, text, sizeof text);
    return g_strdup_printf(is_ipv4 ? "%s:%u" : "[%s]:%u", text, address->port);
}

struct trials *trials_new(void)
{
    struct trials *trials = g_new(struct trials, 1);

    trials->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return trials;
}

void trials_free(struct trials *trials)
{
    g_hash_table_destroy(trials->counts);
    g_free(trials);
}

void trials_count(struct trials *trials, const char *kind, const char *rule, const char *sender, const char *receiver,
                  const char *text)
{
    char *line = g_strjoin("\t", kind, rule, sender, receiver, text, NULL);
    guint64 *n = g_hash_table_lookup(trials->counts, line);

    if (n == NULL) {
        n = g_new0(guint64, 1);
        g_hash_table_insert(trials->counts, line, n);
    } else {
        g_free(line);
    }
    ++*n;
}

/* A side of a conversation may show one rule several times, each time stronger: that is one hit. */
static bool is_first(const skypefp_finding *finding, const skypefp_evidence *evidence)
{
    const skypefp_evidence *before = finding->evidence;

    while (before != evidence && (before->rule != evidence->rule || before->of_dst != evidence->of_dst)) {
        before = before->next;
    }
    return before == evidence;
}

/* Evidence and near misses of one finding. */
static void count_finding(const skypefp_finding *finding, struct trials *trials)
{
    skypefp_address src = skypefp_endpoint_address(finding->src), dst = skypefp_endpoint_address(finding->dst);
    char *src_name = trials_name(&src), *dst_name = trials_name(&dst);

    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (is_first(finding, evidence)) {
            trials_count(trials, "hit", skypefp_rule_at(evidence->rule)->key, evidence->of_dst ? dst_name : src_name,
                         evidence->of_dst ? src_name : dst_name, "");
        }
    }
    if (finding->near_miss != NULL) {
        trials_count(trials, "near", skypefp_rule_at(finding->near_miss_rule)->key, src_name, dst_name,
                     finding->near_miss);
    }
    g_free(src_name);
    g_free(dst_name);
}

static void count_findings(const skypefp_tracker *tracker, struct trials *trials)
{
    for (const skypefp_finding *finding = tracker->findings.oldest; finding != NULL; finding = finding->newer) {
        count_finding(finding, trials);
    }
    for (const GList *link = tracker->streams.kept.head; link != NULL; link = link->next) {
        count_finding(&((const struct stream *)link->data)->finding, trials);
    }
    for (unsigned i = 0; i < tracker->software->len; i++) {
        const skypefp_host *host = &g_array_index(tracker->software, skypefp_host, i);
        char *name = trials_name(&(skypefp_address){ host->bytes, host->len, 0, 0 });
        trials_count(trials, "hit", skypefp_rule_at(host->rule)->key, name, "", "");
        g_free(name);
    }
}

static void append_to_file(const char *path, const GString *text)
{
    FILE *file = fopen(path, "a");
    bool is_written = file != NULL && fwrite(text->str, 1, text->len, file) == text->len;

    if (file == NULL || fclose(file) != 0 || !is_written) {
        g_printerr("trials: cannot write %s\n", path);
        abort(); /* counts with a hole are worse than none */
    }
}

static void write_counts(const struct trials *trials)
{
    const char *path = getenv("SKYPEFP_TRIALS");
    GString *text = g_string_new(NULL);
    GHashTableIter iter;
    gpointer line, n;

    udp_trials_explain(text);
    tcp_trials_explain(text);
    g_hash_table_iter_init(&iter, trials->counts);
    while (g_hash_table_iter_next(&iter, &line, &n)) {
        g_string_append_printf(text, "%" G_GUINT64_FORMAT "\t%s\n", *(const guint64 *)n, (const char *)line);
    }
    g_string_append(text, "capture\n");
    if (path != NULL) {
        append_to_file(path, text);
    }
    g_string_free(text, TRUE);
}

static void close_capture(gpointer tracker, gpointer entry, gpointer unused)
{
    struct capture *capture = entry;

    (void)unused;
    tcp_trials_finish(capture->tcp, capture->trials, tracker, capture->udp);
    count_findings(tracker, capture->trials);
    write_counts(capture->trials);
    tcp_trials_free(capture->tcp);
    udp_trials_free(capture->udp);
    trials_free(capture->trials);
    g_free(capture);
}

skypefp_tracker *__wrap_skypefp_tracker_new(const skypefp_config *config)
{
    skypefp_config noting = *config;
    struct capture *capture = g_new(struct capture, 1);

    noting.near_misses = true;
    *capture = (struct capture){ trials_new(), udp_trials_new(), tcp_trials_new() };
    skypefp_tracker *tracker = __real_skypefp_tracker_new(&noting);
    if (captures == NULL) {
        captures = g_hash_table_new(NULL, NULL);
    }
    g_hash_table_insert(captures, tracker, capture);
    return tracker;
}

void __wrap_skypefp_tracker_free(skypefp_tracker *tracker)
{
    gpointer capture;

    if (captures != NULL && g_hash_table_steal_extended(captures, tracker, NULL, &capture)) {
        close_capture(tracker, capture, NULL);
    }
    __real_skypefp_tracker_free(tracker);
}

bool __wrap_skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting)
{
    struct capture *capture = g_hash_table_lookup(captures, tracker);
    bool is_ip = has_ip_addresses(packet);

    if (is_ip && packet->transport == SKYPEFP_UDP) {
        udp_trials_before(capture->udp, capture->trials, tracker, packet);
    }
    bool has_finding = __real_skypefp_observe(tracker, packet, sighting);
    if (is_ip && packet->transport == SKYPEFP_TCP) {
        enum stream_side side;
        const struct stream *stream = skypefp_streams_find(&tracker->streams, packet, &side);
        if (stream != NULL && stream->is_watched) {
            tcp_trials_look(capture->tcp, tracker, stream, false);
        }
        if (stream != NULL) {
            tcp_trials_look(capture->tcp, tracker, stream, true);
        }
    }
    return has_finding;
}

/* The last moment at which the octets of a conversation are there; only one capture is open then. */
void __wrap_skypefp_stream_unwatch(struct stream_table *table, struct stream *stream)
{
    GHashTableIter iter;
    gpointer tracker, entry;

    g_hash_table_iter_init(&iter, captures);
    while (stream->is_watched && g_hash_table_iter_next(&iter, &tracker, &entry)) {
        tcp_trials_look(((struct capture *)entry)->tcp, tracker, stream, false);
    }
    __real_skypefp_stream_unwatch(table, stream);
}

/* A program that ends may leave its last capture open. */
__attribute__((destructor)) static void close_captures(void)
{
    if (captures != NULL) {
        g_hash_table_foreach(captures, close_capture, NULL);
    }
}
