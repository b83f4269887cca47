/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the contact that a datagram belongs to. */
#include "present_contact.h"

#include "contact.h"
#include "fields.h"
#include "format.h"
#include "items.h"
#include "message.h"

/* The burst that holds a frame; NULL: none. They are in the order of their begin and do not overlap. */
static const skypefp_burst *find_burst(const skypefp_contact *contact, uint32_t frame)
{
    unsigned first = 0, end = contact->n_bursts;

    while (first < end) {
        unsigned middle = first + (end - first) / 2;
        if (contact->bursts[middle].last_frame < frame) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < contact->n_bursts && contact->bursts[first].first_frame <= frame ? &contact->bursts[first] : NULL;
}

static void add_burst(const skypefp_burst *burst, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const char *source, *name = skypefp_burst_consistent_with(burst, &source);
    char *seconds = skypefp_format_seconds(pinfo->pool, burst->end_us - burst->begin_us);

    skypefp_add_explained(tree, tvb, skypefp_hf.contact_burst, name,
                          wmem_strdup_printf(pinfo->pool, "%u messages in %s s, consistent with: %s (%s)",
                                             burst->n[0] + burst->n[1], seconds, name, source));
}

static void add_times(const skypefp_contact *contact, tvbuff_t *tvb, proto_tree *tree)
{
    skypefp_add_moment(tree, tvb, skypefp_hf.contact_first, contact->first_us);
    skypefp_add_moment(tree, tvb, skypefp_hf.contact_last, contact->last_us);
    if (contact->keepalive_interval_us > 0) {
        skypefp_add_duration(tree, tvb, skypefp_hf.contact_interval, contact->keepalive_interval_us);
    }
    if (contact->longest_gap_us > 0) {
        skypefp_add_duration(tree, tvb, skypefp_hf.contact_longest_gap, contact->longest_gap_us);
    }
}

void skypefp_present_contact(const struct observed *observed, packet_info *pinfo, proto_tree *layer)
{
    const skypefp_contact *contact = observed->sighting.finding->contact;
    tvbuff_t *tvb = observed->tvb;

    if (contact == NULL || contact->first_frame == 0) {
        return;
    }
    char *a = skypefp_format_address(pinfo->pool, &contact->a), *b = skypefp_format_address(pinfo->pool, &contact->b);
    proto_item *item =
        proto_tree_add_string(layer, skypefp_hf.contact, tvb, 0, 0, wmem_strdup_printf(pinfo->pool, "%s, %s", a, b));
    proto_tree *tree = proto_item_add_subtree(item, skypefp_ett_contact);
    const skypefp_burst *burst = find_burst(contact, observed->sighting.frame);

    proto_item_set_generated(item);
    add_times(contact, tvb, tree);
    skypefp_add_uint(tree, tvb, skypefp_hf.contact_datagrams, contact->n_datagrams[0] + contact->n_datagrams[1]);
    skypefp_add_uint64(tree, tvb, skypefp_hf.contact_octets, contact->n_octets[0] + contact->n_octets[1]);
    skypefp_add_uint(tree, tvb, skypefp_hf.contact_keepalives, contact->n_keepalives[0] + contact->n_keepalives[1]);
    skypefp_add_uint(tree, tvb, skypefp_hf.contact_bursts, contact->n_bursts);
    if (burst != NULL && observed->sighting.function == SKYPEFP_FN_DATA) {
        add_burst(burst, tvb, pinfo, tree);
    }
}
