/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a TCP conversation: what it is. */
#include "present_tcp.h"

#include "fields.h"
#include "items.h"

static bool has_face_before(const skypefp_finding *finding, const skypefp_evidence *end, const char *face)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != end; evidence = evidence->next) {
        if (g_strcmp0(skypefp_rule_at(evidence->rule)->face, face) == 0) {
            return true;
        }
    }
    return false;
}

/* The strongest rule that has a name for conversations names this one. */
const char *skypefp_describe_conversation(const skypefp_sighting *sighting, packet_info *pinfo)
{
    const skypefp_finding *finding = sighting->finding;
    const char *name = "Conversation of a node";
    uint8_t bits = 0;

    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        const skypefp_rule *rule = skypefp_rule_at(evidence->rule);
        if (rule->face != NULL && evidence->bits > bits) {
            name = rule->conversation;
            bits = evidence->bits;
        }
    }
    return finding->probe != NULL ? wmem_strdup_printf(pinfo->pool, "%s, probed by %s", name, finding->probe) : name;
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
            skypefp_add_string(tree, tvb, skypefp_hf.tcp_face, face);
        }
    }
    if (finding->probe != NULL) {
        skypefp_add_string(tree, tvb, skypefp_hf.tcp_probe, finding->probe);
    }
}
