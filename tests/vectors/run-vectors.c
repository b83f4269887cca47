/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs text vectors (vectors.h) through the fingerprints' public interface and tells what differs, one line a
 * difference. */
#include "vector_compare.h"
#include "vector_edge.h"

#include <stdio.h>
#include <string.h>

enum { HASH_SEED = 1, MIN_SILENT = 2 };

static const char usage[] = "Usage: run-vectors [--every-rule | --whole] FILE...\n"
                            "\n"
                            "Runs the cases of text vectors, and each again with its payloads cut at every length, "
                            "when nothing must be read after the cut.\n"
                            "Exit code: 0 all as expected, 1 differences, 2 a file cannot be read.\n"
                            "\n"
                            "  --every-rule   only as they are; each rule must have a file KEY.txt among them, with a "
                            "case that fires it and some that do not\n"
                            "  --whole        only as they are\n";

static skypefp_tracker *new_tracker(void)
{
    skypefp_config config = skypefp_default_config();

    config.hash_seed = HASH_SEED;
    return skypefp_tracker_new(&config);
}

/* Every payload of the case cut at every length: nothing is expected but that nothing is read behind the cut. */
static void run_cut(const struct vector_case *in)
{
    uint32_t longest = 0;

    for (unsigned i = 0; i < in->packets->len; i++) {
        longest = MAX(longest, packet_at(in, i)->packet.len);
    }
    for (uint32_t cut = 0; cut < longest; cut++) {
        skypefp_tracker *tracker = new_tracker();
        skypefp_sighting sighting;
        for (unsigned i = 0; i < in->packets->len; i++) {
            call_at_edge(tracker, packet_at(in, i), true, cut, &sighting);
            call_at_edge(tracker, packet_at(in, i), false, cut, &sighting);
        }
        skypefp_tracker_free(tracker);
    }
}

/* A case that expects nothing in words has forgotten to. */
static bool is_told(const struct vector_case *in)
{
    return in->says_nothing || in->standings->len > 0 || in->hosts->len > 0;
}

/* Observes everything; what is found at once is what was observed. */
static void observe_all(struct run *run)
{
    for (unsigned i = 0; i < run->in->packets->len; i++) {
        const struct vector_packet *packet = packet_at(run->in, i);
        skypefp_sighting observed, found;
        bool is_observed = call_at_edge(run->tracker, packet, true, UINT32_MAX, &observed);
        bool is_found = call_at_edge(run->tracker, packet, false, UINT32_MAX, &found);
        if (is_observed != is_found ||
            (is_found && (observed.finding != found.finding || observed.from_dst != found.from_dst))) {
            differ(run, packet->line, "frame %u is not found as it was observed", packet->packet.frame);
        }
    }
}

static void run_case(struct run *run)
{
    memset(run->fired, 0, skypefp_n_rules() * sizeof *run->fired);
    run->n_evidence = run->n_initiators = 0;
    if (run->in->packets->len == 0 || !is_told(run->in)) {
        differ(run, run->in->line, "no packets, or none of endpoint, host and nothing");
    }
    run->tracker = new_tracker();
    observe_all(run);
    compare_case(run);
    skypefp_tracker_free(run->tracker);
    if (!run->only_whole) {
        run_cut(run->in);
    }
}

/* ---- the command line ---- */

/* All files so far. */
struct totals {
    unsigned n_cases, n_failures;
    bool only_whole;  /* payloads are not cut */
    bool *is_covered; /* by rule: its file has a case that fires it and several that do not */
};

/* Whether a file is named after a rule. */
static bool is_file_of(const char *path, const skypefp_rule *rule)
{
    char *name = g_path_get_basename(path), *wanted = g_strconcat(rule->key, ".txt", NULL);
    bool is_same = strcmp(name, wanted) == 0;

    g_free(name);
    g_free(wanted);
    return is_same;
}

static bool run_file(const char *path, struct totals *totals)
{
    char *error;
    GPtrArray *cases = vectors_parse(path, &error);

    if (cases == NULL) {
        fprintf(stderr, "%s\n", error);
        g_free(error);
        return false;
    }
    unsigned n_rules = skypefp_n_rules();
    unsigned *n_fired = g_new0(unsigned, n_rules);
    struct run run = { .path = path, .fired = g_new0(bool, n_rules), .only_whole = totals->only_whole };
    for (unsigned i = 0; i < cases->len; i++) {
        run.in = g_ptr_array_index(cases, i);
        run_case(&run);
        for (unsigned rule = 0; rule < n_rules; rule++) {
            n_fired[rule] += run.fired[rule];
        }
    }
    for (unsigned rule = 0; rule < n_rules; rule++) {
        totals->is_covered[rule] =
            totals->is_covered[rule] ||
            (is_file_of(path, skypefp_rule_at(rule)) && n_fired[rule] > 0 && cases->len - n_fired[rule] >= MIN_SILENT);
    }
    totals->n_cases += cases->len;
    totals->n_failures += run.n_failures;
    g_ptr_array_free(cases, TRUE);
    g_free(n_fired);
    g_free(run.fired);
    return true;
}

static void report_uncovered(struct totals *totals)
{
    for (unsigned rule = 0; rule < skypefp_n_rules(); rule++) {
        if (!totals->is_covered[rule]) {
            const char *key = skypefp_rule_at(rule)->key;
            fprintf(stderr, "run-vectors: no file %s.txt with a case that fires it and %d that do not\n", key,
                    MIN_SILENT);
            totals->n_failures++;
        }
    }
}

int main(int argc, char **argv)
{
    bool every_rule = argc > 1 && strcmp(argv[1], "--every-rule") == 0;
    struct totals totals = { .only_whole = every_rule || (argc > 1 && strcmp(argv[1], "--whole") == 0) };
    int first = totals.only_whole ? 2 : 1;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (first >= argc || (argv[first][0] == '-')) {
        fputs(usage, stderr);
        return 2;
    }
    totals.is_covered = g_new0(bool, skypefp_n_rules());
    bool is_good = true;
    for (int i = first; i < argc && is_good; i++) {
        is_good = run_file(argv[i], &totals);
    }
    if (is_good && every_rule) {
        report_uncovered(&totals);
    }
    if (is_good) {
        printf("%u cases, %u differences\n", totals.n_cases, totals.n_failures);
    }
    g_free(totals.is_covered);
    return is_good ? totals.n_failures > 0 : 2;
}
