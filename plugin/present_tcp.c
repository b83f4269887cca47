/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a TCP segment. */
#include "present_tcp.h"

#include "experts.h"
#include "fields.h"
#include "items.h"
#include "keystream.h"

static bool has_face_before(const skypefp_finding *finding, const skypefp_evidence *end, const char *face)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != end; evidence = evidence->next) {
        if (g_strcmp0(skypefp_rule_at(evidence->rule)->face, face) == 0) {
            return true;
        }
    }
    return false;
}

/* What the evidence in a frame calls its conversation, the strongest; NULL: there is none, or it has no name for it. */
static const char *find_name(const skypefp_finding *finding, uint32_t frame)
{
    const char *name = NULL;
    uint8_t bits = 0;

    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        const skypefp_rule *rule = skypefp_rule_at(evidence->rule);
        if (evidence->frame == frame && rule->face != NULL && evidence->bits > bits) {
            name = rule->conversation;
            bits = evidence->bits;
        }
    }
    return name;
}

/* ", data, 20 bytes, end". */
static void append_content(wmem_strbuf_t *text, const skypefp_packet *packet)
{
    if (packet->wire_len > 0) {
        wmem_strbuf_append_printf(text, ", data, %u byte%s", packet->wire_len, packet->wire_len == 1 ? "" : "s");
    }
    if (packet->tcp_flags & SKYPEFP_RST) {
        wmem_strbuf_append(text, ", reset");
    } else if (packet->tcp_flags & SKYPEFP_FIN) {
        wmem_strbuf_append(text, ", end");
    }
}

const char *skypefp_describe_segment(const struct observed *observed, const skypefp_judgement *judgement,
                                     packet_info *pinfo)
{
    const skypefp_finding *finding = observed->sighting.finding;
    const char *name = find_name(finding, observed->sighting.frame);
    wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, name != NULL ? name : "Skype, TCP conversation");

    if (name == NULL) {
        if (judgement->proof != 0) {
            wmem_strbuf_append_printf(text, " proven in %u", judgement->proof);
        }
        append_content(text, &observed->packet);
    }
    if (finding->target != NULL) {
        wmem_strbuf_append_printf(text, ", through a proxy to %s", finding->target);
    }
    if (finding->probe != NULL) {
        wmem_strbuf_append_printf(text, ", probed by %s", finding->probe);
    }
    return wmem_strbuf_finalize(text);
}

/* The two parts and what is left of them without their keystream. */
static void add_cancelled(tvbuff_t *tvb, int one, int two, proto_tree *tree)
{
    uint8_t plaintext[SKYPEFP_CANCELLED_LEN];

    skypefp_keystream_cancel(tvb_get_ptr(tvb, one, SKYPEFP_CANCELLED_LEN), tvb_get_ptr(tvb, two, SKYPEFP_CANCELLED_LEN),
                             plaintext);
    proto_item_set_generated(
        proto_tree_add_bytes(tree, skypefp_hf.tcp_cancelled, tvb, two, SKYPEFP_CANCELLED_LEN, plaintext));
}

void skypefp_present_parts(const skypefp_evidence *evidence, tvbuff_t *tvb, proto_tree *tree)
{
    const skypefp_rule *rule = skypefp_rule_at(evidence->rule);
    int captured = (int)tvb_captured_length(tvb), one = -1;

    for (unsigned i = 0; i < rule->n_parts; i++) {
        const skypefp_part *part = &rule->parts[i];
        int offset = evidence->offset + part->offset;
        int length = part->length > 0 ? part->length : evidence->length - part->offset;
        if (part->offset + length > evidence->length || offset + length > captured) {
            return;
        }
        proto_tree_add_item(tree, *skypefp_part_fields[part->kind], tvb, offset, length, ENC_BIG_ENDIAN);
        if (part->kind == SKYPEFP_PART_ONE) {
            one = offset;
        } else if (part->kind == SKYPEFP_PART_TWO && one >= 0) {
            add_cancelled(tvb, one, offset, tree);
        }
    }
}

/* Another dissector takes what imitates TLS for TLS, and may call it malformed. */
static bool is_taken_for_tls(const skypefp_finding *finding, packet_info *pinfo)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (skypefp_rule_at(evidence->rule)->group == SKYPEFP_GROUP_TLS) {
            return proto_is_frame_protocol(pinfo->layers, "tls");
        }
    }
    return false;
}

static void add_faces(const skypefp_finding *finding, tvbuff_t *tvb, packet_info *pinfo, proto_tree *layer)
{
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        const skypefp_rule *rule = skypefp_rule_at(evidence->rule);
        if (rule->face != NULL && !has_face_before(finding, evidence, rule->face)) {
            skypefp_add_explained(layer, tvb, skypefp_hf.tcp_face, rule->face,
                                  wmem_strdup_printf(pinfo->pool, "%s (%s)", rule->face, rule->conversation));
        }
    }
}

void skypefp_present_segment(const struct observed *observed, packet_info *pinfo, proto_tree *layer, proto_item *item,
                             bool is_owner)
{
    const skypefp_finding *finding = observed->sighting.finding;
    tvbuff_t *tvb = observed->tvb;
    uint32_t ends[SKYPEFP_MAX_ENDS];
    unsigned n_ends = skypefp_conversation_ends(finding, ends);

    for (unsigned i = 0; i < n_ends; i++) {
        depend_on_frame(pinfo, ends[i]);
    }
    add_faces(finding, tvb, pinfo, layer);
    if (finding->target != NULL) {
        skypefp_add_string(layer, tvb, skypefp_hf.tcp_target, finding->target);
    }
    if (finding->probe != NULL) {
        skypefp_add_string(layer, tvb, skypefp_hf.tcp_probe, finding->probe);
    }
    if (is_owner) {
        proto_tree_add_item(layer, skypefp_hf.tcp_payload, tvb, 0, (int)tvb_captured_length(tvb), ENC_NA);
    } else if (is_taken_for_tls(finding, pinfo)) {
        expert_add_info(pinfo, item, &skypefp_not_tls);
    }
}
