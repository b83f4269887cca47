/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generated items. */
#include "items.h"

void skypefp_add_string(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value)
{
    proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, value));
}

void skypefp_add_explained(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value, const char *shown)
{
    proto_item_set_generated(proto_tree_add_string_format_value(tree, hf, tvb, 0, 0, value, "%s", shown));
}

void skypefp_add_uint(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

void skypefp_add_int(proto_tree *tree, tvbuff_t *tvb, int hf, int32_t value)
{
    proto_item_set_generated(proto_tree_add_int(tree, hf, tvb, 0, 0, value));
}

void skypefp_add_boolean(proto_tree *tree, tvbuff_t *tvb, int hf, bool value)
{
    proto_item_set_generated(proto_tree_add_boolean(tree, hf, tvb, 0, 0, value));
}

void skypefp_add_uint64(proto_tree *tree, tvbuff_t *tvb, int hf, uint64_t value)
{
    proto_item_set_generated(proto_tree_add_uint64(tree, hf, tvb, 0, 0, value));
}

void skypefp_add_moment(proto_tree *tree, tvbuff_t *tvb, int hf, int64_t us)
{
    int64_t fraction = us % 1000000;
    nstime_t moment = { us / 1000000 - (fraction < 0), (int)((fraction < 0 ? fraction + 1000000 : fraction) * 1000) };

    proto_item_set_generated(proto_tree_add_time(tree, hf, tvb, 0, 0, &moment));
}

void skypefp_add_duration(proto_tree *tree, tvbuff_t *tvb, int hf, int64_t us)
{
    nstime_t duration = { us / 1000000, (int)(us % 1000000 * 1000) };

    proto_item_set_generated(proto_tree_add_time(tree, hf, tvb, 0, 0, &duration));
}

void skypefp_add_frame(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int hf, uint32_t frame)
{
    if (frame != 0) {
        skypefp_add_uint(tree, tvb, hf, frame);
        depend_on_frame(pinfo, frame);
    }
}
