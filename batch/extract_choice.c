/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which frames of a capture are marked, and which ones they depend on. */
#include "extract_choice.h"

#include <string.h>

enum { MAX_FRAGMENTS = 256 }; /* frames before a reassembled datagram that may hold its parts */

struct choice {
    skypefp_tracker *tracker;
    GByteArray *picked; /* a bit for each frame */
    unsigned n_picked;
    GHashTable *evidence;            /* frame -> GString: rules with bits */
    GHashTable *findings;            /* a set of those whose frames are picked */
    uint32_t nothing[MAX_FRAGMENTS]; /* the latest frames in which nothing was decoded, a ring */
    unsigned n_nothing;
};

static void free_text(gpointer text)
{
    g_string_free(text, TRUE);
}

struct choice *choice_new(void)
{
    struct choice *choice = g_new0(struct choice, 1);
    skypefp_config config = skypefp_default_config();

    config.hash_seed = (uint64_t)g_random_int() << 32 | g_random_int();
    choice->tracker = skypefp_tracker_new(&config);
    choice->picked = g_byte_array_new();
    choice->findings = g_hash_table_new(g_direct_hash, g_direct_equal);
    choice->evidence = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_text);
    return choice;
}

void choice_free(struct choice *choice)
{
    skypefp_tracker_free(choice->tracker);
    g_byte_array_unref(choice->picked);
    g_hash_table_destroy(choice->findings);
    g_hash_table_destroy(choice->evidence);
    g_free(choice);
}

void choice_note_frame(struct choice *choice, uint32_t frame, bool is_nothing)
{
    if (is_nothing) {
        choice->nothing[choice->n_nothing++ % MAX_FRAGMENTS] = frame;
    }
}

void choice_observe(struct choice *choice, const skypefp_packet *packet, bool is_of_frame)
{
    skypefp_sighting sighting;

    (void)is_of_frame;
    skypefp_observe(choice->tracker, packet, &sighting);
}

bool choice_contains(const struct choice *choice, uint32_t frame)
{
    return frame / 8 < choice->picked->len && (choice->picked->data[frame / 8] >> frame % 8 & 1) != 0;
}

unsigned choice_count(const struct choice *choice)
{
    return choice->n_picked;
}

/* 0 is no frame. */
static void pick(struct choice *choice, uint32_t frame)
{
    guint old = choice->picked->len;

    if (frame == 0 || choice_contains(choice, frame)) {
        return;
    }
    if (frame / 8 >= old) {
        g_byte_array_set_size(choice->picked, MAX(2 * old, frame / 8 + 64));
        memset(choice->picked->data + old, 0, choice->picked->len - old);
    }
    choice->picked->data[frame / 8] |= (guint8)(1u << frame % 8);
    choice->n_picked++;
}

/* Notes what a frame shows, once. */
static void note_evidence(struct choice *choice, const skypefp_evidence *evidence)
{
    GString *text = g_hash_table_lookup(choice->evidence, GUINT_TO_POINTER(evidence->frame));
    char *said = g_strdup_printf("%s %u bits", skypefp_rule_at(evidence->rule)->key, evidence->bits);

    if (evidence->related_frame != 0) {
        char *with = g_strdup_printf("%s (with frame %u)", said, evidence->related_frame);
        g_free(said);
        said = with;
    }
    if (text == NULL) {
        text = g_string_new(NULL);
        g_hash_table_insert(choice->evidence, GUINT_TO_POINTER(evidence->frame), text);
    }
    if (strstr(text->str, said) == NULL) {
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", said);
    }
    g_free(said);
}

/* The frames that a finding depends on. A conversation has one finding, which its segments share: once is enough. */
static void pick_finding(struct choice *choice, const skypefp_finding *finding)
{
    uint32_t ends[SKYPEFP_MAX_ENDS];
    unsigned n_ends = skypefp_conversation_ends(finding, ends);

    for (unsigned i = 0; i < n_ends; i++) {
        pick(choice, ends[i]);
    }
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        pick(choice, evidence->frame);
        pick(choice, evidence->related_frame);
        note_evidence(choice, evidence);
    }
    pick(choice, finding->request_in);
    pick(choice, finding->reply_in);
    pick(choice, finding->nak_in);
    pick(choice, finding->resend_in);
    pick(choice, finding->copy_of);
}

static void pick_fragments(struct choice *choice)
{
    for (unsigned i = 0; i < MIN(choice->n_nothing, MAX_FRAGMENTS); i++) {
        pick(choice, choice->nothing[i]);
    }
}

void choice_pick(struct choice *choice, const skypefp_packet *packet, bool is_of_frame)
{
    skypefp_sighting sighting;
    skypefp_judgement judgement;

    if (!skypefp_find(choice->tracker, packet, &sighting) || !skypefp_judge(choice->tracker, &sighting, &judgement) ||
        judgement.verdict < SKYPEFP_LIKELY) {
        return;
    }
    pick(choice, packet->frame);
    pick(choice, judgement.proof);
    if (g_hash_table_add(choice->findings, (gpointer)(guintptr)sighting.finding)) {
        pick_finding(choice, sighting.finding);
    }
    if (!is_of_frame) {
        pick_fragments(choice);
    }
}

char *choice_comment(const struct choice *choice, uint32_t frame)
{
    const GString *text = g_hash_table_lookup(choice->evidence, GUINT_TO_POINTER(frame));

    return g_strdup_printf("Frame %u of the source%s%s", frame, text != NULL ? ": " : "",
                           text != NULL ? text->str : "");
}
