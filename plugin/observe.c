/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds the fingerprints: each payload once, on the first pass, whichever hook saw it. */
#include "observe.h"

#include "locate.h"
#include "preferences.h"
#include "tap.h"

enum { MAX_SEEN = 8 };          /* datagrams of one frame that the heuristic was called with; tunnels */

/* The state of one capture file. */
struct capture {
    skypefp_tracker *tracker;   /* NULL before the first packet */
    uint32_t seen_frame;        /* the frame being dissected, if the heuristic saw one of its datagrams */
    unsigned n_seen;
    const void *seen[MAX_SEEN]; /* their IP headers: where pinfo->net_src pointed, in the order they came */
};

/* In wmem_file_scope(); NULL while no file is open. */
static struct capture *capture;

static ws_bool forget_capture(wmem_allocator_t *allocator _U_, wmem_cb_event_t event _U_, void *closed _U_)
{
    skypefp_tracker_free(capture->tracker);
    capture = NULL;
    return false;
}

static struct capture *current_capture(void)
{
    if (capture == NULL) {
        skypefp_config config = skypefp_preferences_config();
        capture = wmem_new0(wmem_file_scope(), struct capture);
        capture->tracker = skypefp_tracker_new(&config);
        wmem_register_callback(wmem_file_scope(), forget_capture, capture);
    }
    return capture;
}

skypefp_tracker *skypefp_capture_tracker(void)
{
    return capture != NULL ? capture->tracker : NULL;
}

static bool observe_packet(struct capture *current, packet_info *pinfo, skypefp_packet *packet, skypefp_sighting *sighting)
{
    packet->frame = pinfo->num;
    skypefp_tap_packet(pinfo, packet);
    /* Unsigned: a hostile capture's seconds may be anything. */
    packet->time_us = (int64_t)((uint64_t)pinfo->abs_ts.secs * 1000000 + (uint64_t)(pinfo->abs_ts.nsecs / 1000));
    return PINFO_FD_VISITED(pinfo) ? skypefp_find(current->tracker, packet, sighting)
                                   : skypefp_observe(current->tracker, packet, sighting);
}

/* An IP header carries one datagram, so its source address stands for it. */
static void note_seen(struct capture *current, const packet_info *pinfo)
{
    if (current->seen_frame != pinfo->num) {
        current->seen_frame = pinfo->num;
        current->n_seen = 0;
    }
    if (current->n_seen < MAX_SEEN) {
        current->seen[current->n_seen++] = pinfo->net_src.data;
    }
}

/* Whether the heuristic was called with the datagram of the frame's innermost IP header. */
static bool was_seen(const struct capture *current, const packet_info *pinfo)
{
    if (current->seen_frame == pinfo->num) {
        for (unsigned i = 0; i < current->n_seen; i++) {
            if (current->seen[i] == pinfo->net_src.data) {
                return true;
            }
        }
    }
    return false;
}

static skypefp_address make_address(const address *from, uint32_t port)
{
    bool is_ip = from->type == AT_IPv4 || from->type == AT_IPv6;

    return (skypefp_address){ .bytes = from->data, .len = (uint8_t)(is_ip ? from->len : 0), .port = (uint16_t)port };
}

bool skypefp_observe_payload(tvbuff_t *tvb, packet_info *pinfo, skypefp_sighting *sighting)
{
    struct capture *current = current_capture();
    uint32_t len = tvb_captured_length(tvb);
    skypefp_packet packet = {
        .transport = SKYPEFP_UDP,
        .src = make_address(&pinfo->src, pinfo->srcport),
        .dst = make_address(&pinfo->dst, pinfo->destport),
        .data = len > 0 ? tvb_get_ptr(tvb, 0, (int)len) : NULL,
        .len = len,
        .wire_len = tvb_reported_length(tvb),
    };

    note_seen(current, pinfo);
    return observe_packet(current, pinfo, &packet, sighting);
}

bool skypefp_observe_frame(tvbuff_t *frame_tvb, packet_info *pinfo, skypefp_sighting *sighting, tvbuff_t **payload_tvb)
{
    struct capture *current = current_capture();
    struct located located;
    bool is_seen = !was_seen(current, pinfo) && skypefp_locate(pinfo, frame_tvb, &located) &&
                   observe_packet(current, pinfo, &located.packet, sighting);

    if (is_seen) {
        *payload_tvb = tvb_new_subset_length_caplen(located.tvb, located.offset, (int)located.packet.len,
                                                    (int)located.packet.wire_len);
    }
    current->seen_frame = 0;
    return is_seen;
}
