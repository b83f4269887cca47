/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges lists of packets by the fingerprints alone, thousands of them in seconds: what tests graft, cut, lose and
 * replay.
 *
 *   judge-packets < script
 *
 *   list NAME            what follows belongs to it; an old list of that name is emptied
 *   u TIME SCOPE SRC PORT DST PORT WIRE_LEN HEX
 *                        a datagram: microseconds, addresses in hex, "-" for no octets
 *   t TIME SCOPE SRC PORT DST PORT WIRE_LEN HEX SEQ ACK FLAGS
 *                        a segment
 *   run TITLE NAME...    a new tracker observes the lists, merged by time
 *
 * Of each list of a run a line comes out, separated by tabs: TITLE, NAME, packets, then how many are possible,
 * likely and certain in two passes, how many are at least likely in one, the rules that fired on it, why a
 * conversation of it could not be judged, and the indexes, from 0, of its packets that are at least likely in two
 * passes; "-" for an empty list and for no reason. Exit status: 0, or 2 when the script cannot be understood. */
#include "skypefp.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 1 << 18, UDP_WORDS = 9, TCP_WORDS = 12 };

struct recorded {
    skypefp_packet packet; /* its data and addresses are the bytes below */
    uint8_t address[2][SKYPEFP_IPV6_LEN];
    uint8_t *data;
};

struct list {
    char *name;
    GPtrArray *packets; /* struct recorded */
};

/* A packet of a run, and what became of it. */
struct judged {
    const struct recorded *recorded;
    unsigned list, index; /* of which list of the run */
    enum skypefp_verdict in_one_pass, verdict;
    const char *unjudged; /* constant, or NULL */
};

struct counts {
    unsigned verdicts[SKYPEFP_CERTAIN + 1], in_one_pass;
    uint64_t rules;
    const char *unjudged;
    GString *marked;
};

G_NORETURN static void fail(unsigned line, const char *what)
{
    fprintf(stderr, "judge-packets: line %u: %s\n", line, what);
    exit(2);
}

static int64_t read_number(const char *word, unsigned line)
{
    char *end;
    int64_t number = g_ascii_strtoll(word, &end, 10);

    if (*word == '\0' || *end != '\0') {
        fail(line, "not a number");
    }
    return number;
}

/* At most n octets of a hexadecimal word. */
static uint32_t read_octets(const char *word, uint8_t *octets, size_t n, unsigned line)
{
    size_t len = strlen(word) / 2;

    if (len > n || strlen(word) % 2 != 0) {
        fail(line, "odd or too long octets");
    }
    for (size_t i = 0; i < len; i++) {
        int high = g_ascii_xdigit_value(word[2 * i]), low = g_ascii_xdigit_value(word[2 * i + 1]);
        if (high < 0 || low < 0) {
            fail(line, "not hexadecimal");
        }
        octets[i] = (uint8_t)(high << 4 | low);
    }
    return (uint32_t)len;
}

static skypefp_address read_address(char **words, uint8_t bytes[SKYPEFP_IPV6_LEN], unsigned line)
{
    return (skypefp_address){
        .bytes = bytes,
        .len = (uint8_t)read_octets(words[0], bytes, SKYPEFP_IPV6_LEN, line),
        .port = (uint16_t)read_number(words[1], line),
    };
}

static struct recorded *read_packet(char **words, unsigned line)
{
    struct recorded *recorded = g_new0(struct recorded, 1);
    skypefp_packet *packet = &recorded->packet;

    packet->transport = words[0][0] == 'u' ? SKYPEFP_UDP : SKYPEFP_TCP;
    packet->time_us = read_number(words[1], line);
    packet->scope = (uint32_t)read_number(words[2], line);
    packet->src = read_address(words + 3, recorded->address[0], line);
    packet->dst = read_address(words + 5, recorded->address[1], line);
    packet->wire_len = (uint32_t)read_number(words[7], line);
    if (strcmp(words[8], "-") != 0) {
        size_t len = strlen(words[8]) / 2;
        recorded->data = g_malloc(len);
        packet->data = recorded->data;
        packet->len = read_octets(words[8], recorded->data, len, line);
    }
    if (packet->transport == SKYPEFP_TCP) {
        packet->tcp_seq = (uint32_t)read_number(words[9], line);
        packet->tcp_ack = (uint32_t)read_number(words[10], line);
        packet->tcp_flags = (uint8_t)read_number(words[11], line);
    }
    return recorded;
}

static void free_recorded(gpointer data)
{
    struct recorded *recorded = data;

    g_free(recorded->data);
    g_free(recorded);
}

static void free_list(gpointer data)
{
    struct list *list = data;

    g_ptr_array_free(list->packets, TRUE);
    g_free(list->name);
    g_free(list);
}

/* ---- a run ---- */

static int compare_times(const void *a, const void *b)
{
    const struct judged *one = a, *other = b;
    int64_t one_us = one->recorded->packet.time_us, other_us = other->recorded->packet.time_us;

    if (one_us != other_us) {
        return one_us < other_us ? -1 : 1;
    }
    return one->list != other->list ? (one->list < other->list ? -1 : 1) : one->index < other->index ? -1 : 1;
}

static skypefp_judgement judge(const skypefp_tracker *tracker, const skypefp_sighting *sighting)
{
    skypefp_judgement judgement;

    skypefp_judge(tracker, sighting, &judgement);
    return judgement;
}

static uint64_t rules_on(const skypefp_sighting *sighting)
{
    uint64_t rules = 0;

    for (const skypefp_evidence *evidence = sighting->finding->evidence; evidence != NULL; evidence = evidence->next) {
        rules |= evidence->frame == sighting->frame ? UINT64_C(1) << evidence->rule : 0;
    }
    return rules;
}

static void observe(GArray *all, struct counts *counts)
{
    skypefp_config config = skypefp_default_config();
    skypefp_tracker *tracker = skypefp_tracker_new(&config);
    skypefp_sighting sighting;

    for (uint32_t i = 0; i < all->len; i++) {
        struct judged *judged = &g_array_index(all, struct judged, i);
        skypefp_packet packet = judged->recorded->packet;
        packet.frame = i + 1;
        judged->in_one_pass =
            skypefp_observe(tracker, &packet, &sighting) ? judge(tracker, &sighting).verdict : SKYPEFP_NONE;
    }
    for (uint32_t i = 0; i < all->len; i++) {
        struct judged *judged = &g_array_index(all, struct judged, i);
        skypefp_packet packet = judged->recorded->packet;
        packet.frame = i + 1;
        if (skypefp_find(tracker, &packet, &sighting)) {
            skypefp_judgement judgement = judge(tracker, &sighting);
            judged->verdict = judgement.verdict;
            judged->unjudged = judgement.unjudged;
            counts[judged->list].rules |= rules_on(&sighting);
        }
    }
    skypefp_tracker_free(tracker);
}

static void count(const struct judged *judged, struct counts *counts)
{
    counts->verdicts[judged->verdict]++;
    counts->in_one_pass += judged->in_one_pass >= SKYPEFP_LIKELY;
    counts->unjudged = judged->unjudged != NULL ? judged->unjudged : counts->unjudged;
    if (judged->verdict >= SKYPEFP_LIKELY) {
        g_string_append_printf(counts->marked, "%s%u", counts->marked->len > 0 ? "," : "", judged->index);
    }
}

static void print_counts(const char *title, const char *name, unsigned n, const struct counts *counts)
{
    GString *rules = g_string_new(NULL);

    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if (counts->rules >> i & 1) {
            g_string_append_printf(rules, "%s%s", rules->len > 0 ? "," : "", skypefp_rule_at(i)->key);
        }
    }
    printf("%s\t%s\t%u\t%u\t%u\t%u\t%u\t%s\t%s\t%s\n", title, name, n, counts->verdicts[SKYPEFP_POSSIBLE],
           counts->verdicts[SKYPEFP_LIKELY], counts->verdicts[SKYPEFP_CERTAIN], counts->in_one_pass,
           rules->len > 0 ? rules->str : "-", counts->unjudged != NULL ? counts->unjudged : "-",
           counts->marked->len > 0 ? counts->marked->str : "-");
    g_string_free(rules, TRUE);
}

static void run(const GHashTable *lists, const char *title, char **names, unsigned line)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct judged));
    unsigned n_lists = g_strv_length(names);
    struct counts *counts = g_new0(struct counts, n_lists);

    for (unsigned i = 0; i < n_lists; i++) {
        const struct list *list = g_hash_table_lookup((GHashTable *)(uintptr_t)lists, names[i]);
        counts[i].marked = g_string_new(NULL);
        for (unsigned k = 0; list != NULL && k < list->packets->len; k++) {
            struct judged judged = { .recorded = g_ptr_array_index(list->packets, k), .list = i, .index = k };
            g_array_append_val(all, judged);
        }
        if (list == NULL) {
            fail(line, "no such list");
        }
    }
    qsort(all->data, all->len, sizeof(struct judged), compare_times);
    observe(all, counts);
    for (uint32_t i = 0; i < all->len; i++) {
        const struct judged *judged = &g_array_index(all, struct judged, i);
        count(judged, &counts[judged->list]);
    }
    for (unsigned i = 0; i < n_lists; i++) {
        const struct list *list = g_hash_table_lookup((GHashTable *)(uintptr_t)lists, names[i]);
        print_counts(title, names[i], list->packets->len, &counts[i]);
        g_string_free(counts[i].marked, TRUE);
    }
    g_free(counts);
    g_array_free(all, TRUE);
}

/* Obeys one line; the list that packets belong to from now on. */
static struct list *obey(GHashTable *lists, struct list *current, char **words, unsigned line)
{
    unsigned n = g_strv_length(words);

    if (n == 2 && strcmp(words[0], "list") == 0) {
        struct list *list = g_new0(struct list, 1);
        *list = (struct list){ g_strdup(words[1]), g_ptr_array_new_with_free_func(free_recorded) };
        g_hash_table_replace(lists, list->name, list);
        return list;
    }
    if (n > 2 && strcmp(words[0], "run") == 0) {
        run(lists, words[1], words + 2, line);
    } else if (current != NULL &&
               ((n == UDP_WORDS && strcmp(words[0], "u") == 0) || (n == TCP_WORDS && strcmp(words[0], "t") == 0))) {
        g_ptr_array_add(current->packets, read_packet(words, line));
    } else {
        fail(line, "not understood");
    }
    return current;
}

int main(void)
{
    GHashTable *lists = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_list);
    char *text = g_malloc(MAX_LINE);
    struct list *current = NULL;

    for (unsigned line = 1; fgets(text, MAX_LINE, stdin) != NULL; line++) {
        char **words = g_strsplit(g_strchomp(text), " ", -1);
        current = obey(lists, current, words, line);
        g_strfreev(words);
    }
    g_free(text);
    g_hash_table_destroy(lists);
    return 0;
}
