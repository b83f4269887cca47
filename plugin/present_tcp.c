/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a TCP conversation: what it is. */
#include "present_tcp.h"

#include "fields.h"

/* What a face means to a person who sees another dissector's name beside it. */
static const char *explain_face(const char *face)
{
    static const struct { const char *face, *text; } faces[] = {
        { "http", "Fake HTTP server" },
        { "garbage", "Binary answer of a fake HTTP server" },
        { "tls", "Fake TLS, not TLS" },
        { "login", "Skype login, not TLS" },
        { "seed reuse", "First message with a reused keystream" },
        { "padding run", "First message with a padding run" },
        { "bare", "Bare form of a 1.x node" },
        { "seed", "First message with a seed of the UDP generator" },
    };

    for (size_t i = 0; i < array_length(faces); i++) {
        if (g_str_equal(faces[i].face, face)) {
            return faces[i].text;
        }
    }
    return face;
}

static bool has_face_before(const skypefp_finding *finding, const skypefp_evidence *end, const char *face)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != end; evidence = evidence->next) {
        if (skypefp_rule_at(evidence->rule)->face == face) {
            return true;
        }
    }
    return false;
}

/* The strongest face names the conversation. */
const char *skypefp_describe_conversation(const skypefp_sighting *sighting, packet_info *pinfo)
{
    const skypefp_finding *finding = sighting->finding;
    const char *face = NULL;
    uint8_t bits = 0;

    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (skypefp_rule_at(evidence->rule)->face != NULL && evidence->bits > bits) {
            face = skypefp_rule_at(evidence->rule)->face;
            bits = evidence->bits;
        }
    }
    const char *text = face != NULL ? explain_face(face) : "Conversation of a node";

    return finding->probe != NULL ? wmem_strdup_printf(pinfo->pool, "%s, probed by %s", text, finding->probe) : text;
}

static void add_string(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value)
{
    proto_item *item = proto_tree_add_string(tree, hf, tvb, 0, 0, value);

    proto_item_set_generated(item);
}

void skypefp_present_conversation(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    uint32_t ends[SKYPEFP_MAX_ENDS];
    unsigned n_ends = skypefp_conversation_ends(finding, ends);

    for (unsigned i = 0; i < n_ends; i++) {
        depend_on_frame(pinfo, ends[i]);
    }
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        const char *face = skypefp_rule_at(evidence->rule)->face;
        if (face != NULL && !has_face_before(finding, evidence, face)) {
            add_string(tree, tvb, skypefp_hf.tcp_face, face);
        }
    }
    if (finding->probe != NULL) {
        add_string(tree, tvb, skypefp_hf.tcp_probe, finding->probe);
    }
}
