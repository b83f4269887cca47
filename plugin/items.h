/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generated items: what SkypeFP concludes, as opposed to fields that are in the payload. The one place that marks
 * them so.
 *
 * They cover no octets. tvb may be any buffer of the frame; texts are copied. */
#ifndef SKYPEFP_ITEMS_H
#define SKYPEFP_ITEMS_H

#include "compat.h"

void skypefp_add_string(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value);

/* A string whose item shows a longer text than the value that filters compare. */
void skypefp_add_explained(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value, const char *shown);
void skypefp_add_uint(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t value);
void skypefp_add_int(proto_tree *tree, tvbuff_t *tvb, int hf, int32_t value);
void skypefp_add_boolean(proto_tree *tree, tvbuff_t *tvb, int hf, bool value);

void skypefp_add_uint64(proto_tree *tree, tvbuff_t *tvb, int hf, uint64_t value);

/* A moment in microseconds since the epoch. */
void skypefp_add_moment(proto_tree *tree, tvbuff_t *tvb, int hf, int64_t us);

/* A relative time. us: microseconds, at least 0. */
void skypefp_add_duration(proto_tree *tree, tvbuff_t *tvb, int hf, int64_t us);

/* A frame that the packet depends on: a link, and Wireshark is asked to save that frame with it. Nothing for frame
 * 0. */
void skypefp_add_frame(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int hf, uint32_t frame);

#endif
