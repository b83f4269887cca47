/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a finding: one layer with the verdict, the message, and the rules that fired. */
#include "present.h"

#include "community_id.h"
#include "endpoint_filter.h"
#include "experts.h"
#include "fields.h"
#include "format.h"
#include "items.h"
#include "preferences.h"
#include "present_contact.h"
#include "present_tcp.h"
#include "present_udp.h"

static char *format_endpoint(packet_info *pinfo, const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);

    return skypefp_format_address(pinfo->pool, &address);
}

static void add_verdict(const skypefp_judgement *judgement, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const char *one_way = skypefp_endpoint_one_way(judgement->endpoint);
    char *endpoint = format_endpoint(pinfo, judgement->endpoint);

    skypefp_add_uint(tree, tvb, skypefp_hf.verdict, judgement->verdict);
    skypefp_add_int(tree, tvb, skypefp_hf.bits, judgement->bits);
    skypefp_add_string(tree, tvb, skypefp_hf.sum, skypefp_format_sum(pinfo->pool, judgement));
    skypefp_add_string(tree, tvb, skypefp_hf.endpoint, endpoint);
    skypefp_endpoint_filter_note(pinfo, endpoint);
    skypefp_address address = skypefp_endpoint_address(judgement->endpoint);
    skypefp_add_string(tree, tvb, skypefp_hf.host, skypefp_format_host(pinfo->pool, &address));
    if (one_way != NULL) {
        skypefp_add_string(tree, tvb, skypefp_hf.one_way, one_way);
    }
    skypefp_add_boolean(tree, tvb, skypefp_hf.inherited, judgement->inherited);
    skypefp_add_boolean(tree, tvb, skypefp_hf.associated, judgement->associated);
    if (judgement->on_proven_host) {
        skypefp_add_boolean(tree, tvb, skypefp_hf.on_proven_host, true);
    }
    skypefp_add_frame(tree, tvb, pinfo, skypefp_hf.proof, judgement->proof);
}

/* The octets a rule looked at, as far as they were captured, and what they are. */
static void add_rule(const skypefp_evidence *evidence, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const skypefp_rule *rule = skypefp_rule_at(evidence->rule);
    int captured = (int)tvb_captured_length(tvb);
    int offset = MIN(evidence->offset, captured), length = MIN(evidence->length, captured - offset);
    proto_item *item = proto_tree_add_string_format(tree, skypefp_hf.rule, tvb, offset, length, rule->key,
                                                    "%s, %u bits: %s", rule->key, evidence->bits, rule->sentence);
    proto_tree *subtree = proto_item_add_subtree(item, skypefp_ett_rule);

    proto_item_set_generated(item);
    expert_add_info(pinfo, item, skypefp_expert(evidence->rule));
    skypefp_add_uint(subtree, tvb, skypefp_hf.rule_bits, evidence->bits);
    skypefp_add_frame(subtree, tvb, pinfo, skypefp_hf.rule_frame, evidence->related_frame);
    if (rule->group == SKYPEFP_GROUP_GENERATOR) {
        skypefp_add_uint(subtree, tvb, skypefp_hf.udp_iv_step, evidence->detail);
    }
    skypefp_present_parts(evidence, tvb, subtree);
}

static void set_columns(packet_info *pinfo, const char *text, bool is_owner)
{
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "SkypeFP");
    if (is_owner) {
        col_add_str(pinfo->cinfo, COL_INFO, text);
    } else {
        col_prepend_fence_fstr(pinfo->cinfo, COL_INFO, "%s | ", text);
    }
}

static const char *describe(const struct observed *observed, const skypefp_judgement *judgement, packet_info *pinfo)
{
    return observed->packet.transport == SKYPEFP_UDP
               ? skypefp_describe_message(observed->sighting.finding, observed->tvb, pinfo)
               : skypefp_describe_segment(observed, judgement, pinfo);
}

/* Hashing is skipped unless somebody looks. */
static void add_community_id(const skypefp_packet *packet, tvbuff_t *tvb, proto_tree *layer)
{
    if (proto_field_is_referenced(layer, skypefp_hf.community_id)) {
        char id[REPORT_COMMUNITY_ID_SIZE];
        skypefp_add_string(layer, tvb, skypefp_hf.community_id,
                           report_community_id(packet->transport, &packet->src, &packet->dst, id));
    }
}

static void add_layer(const struct observed *observed, const skypefp_judgement *judgement, const char *text,
                      packet_info *pinfo, proto_tree *tree, bool is_owner)
{
    const skypefp_finding *finding = observed->sighting.finding;
    tvbuff_t *tvb = observed->tvb;
    proto_item *item = proto_tree_add_protocol_format(tree, skypefp_proto, tvb, 0, (int)tvb_captured_length(tvb),
                                                      "Skype Fingerprint: %s, %d bits, %s",
                                                      skypefp_verdict_name(judgement->verdict), judgement->bits, text);
    proto_tree *layer = proto_item_add_subtree(item, skypefp_ett);

    add_verdict(judgement, tvb, pinfo, layer);
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (evidence->frame == observed->sighting.frame) {
            add_rule(evidence, tvb, pinfo, layer);
        }
    }
    if (finding->transport == SKYPEFP_UDP) {
        skypefp_present_message(finding, tvb, pinfo, layer);
        skypefp_present_contact(observed, pinfo, layer);
    } else {
        skypefp_present_segment(observed, pinfo, layer, item, is_owner);
    }
    add_community_id(&observed->packet, tvb, layer);
}

bool skypefp_has_notes(const struct observed *observed)
{
    const skypefp_finding *finding = observed->sighting.finding;

    return finding->unjudged != NULL || finding->near_miss != NULL ||
           (skypefp_preferences.near_misses && finding->transport == SKYPEFP_UDP);
}

void skypefp_present_notes(const struct observed *observed, packet_info *pinfo, proto_tree *tree)
{
    const skypefp_finding *finding = observed->sighting.finding;
    skypefp_judgement judgement;

    skypefp_judge(skypefp_capture_tracker(), &observed->sighting, &judgement);
    if (judgement.unjudged != NULL) {
        skypefp_add_string(tree, observed->tvb, skypefp_hf.tcp_unjudged, judgement.unjudged);
    }
    if (judgement.reason != NULL) {
        skypefp_add_string(tree, observed->tvb, skypefp_hf.near_miss, judgement.reason);
    }
    if (finding->near_miss != NULL) {
        const char *rule = skypefp_rule_at(finding->near_miss_rule)->key;
        skypefp_add_string(tree, observed->tvb, skypefp_hf.near_miss,
                           wmem_strdup_printf(pinfo->pool, "%s: %s", rule, finding->near_miss));
    }
}

/* Evidence that marks nothing yet may be a part of a later proof: what it depends on is declared in time, so that
 * exporting the marked packets takes it along with the proof. */
static void depend_on_proof(const skypefp_finding *finding, packet_info *pinfo)
{
    uint32_t ends[SKYPEFP_MAX_ENDS];
    unsigned n_ends = finding->evidence != NULL ? skypefp_conversation_ends(finding, ends) : 0;

    for (unsigned i = 0; i < n_ends; i++) {
        depend_on_frame(pinfo, ends[i]);
    }
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        if (evidence->related_frame != 0) {
            depend_on_frame(pinfo, evidence->related_frame);
        }
    }
}

bool skypefp_present(const struct observed *observed, packet_info *pinfo, proto_tree *tree, bool is_owner)
{
    skypefp_judgement judgement;

    if (!skypefp_judge(skypefp_capture_tracker(), &observed->sighting, &judgement) ||
        (int)judgement.verdict < skypefp_preferences.threshold) {
        depend_on_proof(observed->sighting.finding, pinfo);
        return false;
    }
    const char *text = describe(observed, &judgement, pinfo);

    set_columns(pinfo, text, is_owner);
    add_layer(observed, &judgement, text, pinfo, tree, is_owner);
    return true;
}
