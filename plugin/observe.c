/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds the fingerprints: each payload once, on the first pass, by the hook that sees it first. */
#include "observe.h"

#include "locate_plain.h"
#include "preferences.h"
#include "tap.h"

enum { MAX_SEEN = 8 }; /* payloads of one frame that the heuristics were called with; tunnels */

/* A payload that a heuristic was called with. */
struct seen {
    const void *ip; /* its IP header, which carries nothing else: where pinfo->net_src pointed */
    bool is_left;   /* something of it remains to be shown by the postdissector */
};

/* The state of one capture file. */
struct capture {
    skypefp_tracker *tracker; /* NULL before the first packet */
    uint32_t seen_frame;      /* the frame being dissected, if a heuristic was called with one of its payloads */
    unsigned n_seen;
    struct seen seen[MAX_SEEN]; /* in the order they came */
};

static int proto_eth = -1, proto_ip = -1, proto_ipv6 = -1, proto_llc = -1, proto_mpls = -1, proto_ppp = -1;

void skypefp_observe_init(void)
{
    proto_eth = proto_get_id_by_filter_name("eth");
    proto_ip = proto_get_id_by_filter_name("ip");
    proto_ipv6 = proto_get_id_by_filter_name("ipv6");
    proto_llc = proto_get_id_by_filter_name("llc");
    proto_mpls = proto_get_id_by_filter_name("mpls");
    proto_ppp = proto_get_id_by_filter_name("ppp");
}

/* In wmem_file_scope(); NULL while no file is open. */
static struct capture *capture;

static ws_bool forget_capture(wmem_allocator_t *allocator _U_, wmem_cb_event_t event _U_, void *closed _U_)
{
    skypefp_tracker_free(capture->tracker);
    capture = NULL;
    return false;
}

/* Not inline: it happens once. */
G_GNUC_NO_INLINE static struct capture *begin_capture(void)
{
    skypefp_config config = skypefp_preferences_config();

    capture = wmem_new0(wmem_file_scope(), struct capture);
    capture->tracker = skypefp_tracker_new(&config);
    wmem_register_callback(wmem_file_scope(), forget_capture, capture);
    return capture;
}

static inline struct capture *current_capture(void)
{
    return capture != NULL ? capture : begin_capture();
}

skypefp_tracker *skypefp_capture_tracker(void)
{
    return capture != NULL ? capture->tracker : NULL;
}

/* Counts the IP headers of a frame's layers. */
struct ip_count {
    uint32_t n;
    bool begins_again;  /* after LLC */
    bool follows_label; /* the layer before is MPLS */
};

static void count_ip(struct ip_count *count)
{
    count->n = count->begins_again ? 1 : count->n + 1;
    count->begins_again = false;
}

/* An MPLS label is followed by IP, or by a pseudowire, which begins with a link layer. */
static void count_layer(struct ip_count *count, int proto)
{
    bool is_link = proto == proto_eth || proto == proto_ppp || proto == proto_llc;

    if (count->follows_label && !LISTS_IP_AFTER_LABEL && !is_link) {
        count_ip(count);
    }
    count->follows_label = proto == proto_mpls;
    count->begins_again = count->begins_again || proto == proto_llc;
    if (proto == proto_ip || proto == proto_ipv6) {
        count_ip(count);
    }
}

/* Where in the network a packet was seen, as skypefp_packet has it: the VLAN id of the first 802.1Q tag, and how
 * many IP headers enclose its own. LLC begins again, if an IP header follows it: an aggregated 802.11 frame holds
 * several packets side by side. */
G_GNUC_NO_INLINE static uint32_t count_scope(const packet_info *pinfo)
{
    struct ip_count count = { 0 };

    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer != NULL; layer = wmem_list_frame_next(layer)) {
        count_layer(&count, GPOINTER_TO_INT(wmem_list_frame_data(layer)));
    }
    return (count.n > 0 ? MIN(count.n - 1, UINT16_MAX) : 0) << 16;
}

static inline uint32_t find_scope(const packet_info *pinfo, bool is_outermost)
{
    return (is_outermost ? 0 : count_scope(pinfo)) | (pinfo->vlan_id & 0xfffu);
}

/* What the frame shows of a packet, and its headers do not. */
static inline void set_frame(const packet_info *pinfo, bool is_outermost, skypefp_packet *packet)
{
    packet->frame = pinfo->num;
    packet->scope = find_scope(pinfo, is_outermost);
    /* Unsigned: a hostile capture's seconds may be anything. */
    packet->time_us = (int64_t)((uint64_t)pinfo->abs_ts.secs * 1000000 + (uint64_t)(pinfo->abs_ts.nsecs / 1000));
}

/* On the first pass a packet is observed, on later ones found. is_outermost: as skypefp_is_outermost(). Inline: it is
 * done for each packet, once. */
__attribute__((always_inline)) static inline bool observe_packet(struct capture *current, packet_info *pinfo,
                                                                 bool is_outermost, skypefp_packet *packet,
                                                                 skypefp_sighting *sighting)
{
    set_frame(pinfo, is_outermost, packet);
    bool is_found = PINFO_FD_VISITED(pinfo) ? skypefp_find(current->tracker, packet, sighting)
                                            : skypefp_observe(current->tracker, packet, sighting);

    if (skypefp_is_tapped()) {
        skypefp_tap_packet(pinfo, current->tracker, packet, is_found ? sighting : NULL);
    }
    return is_found;
}

static struct seen *find_seen(struct capture *current, const packet_info *pinfo)
{
    if (current->seen_frame == pinfo->num) {
        for (unsigned i = 0; i < current->n_seen; i++) {
            if (current->seen[i].ip == pinfo->net_src.data) {
                return &current->seen[i];
            }
        }
    }
    return NULL;
}

static void note_seen(struct capture *current, const packet_info *pinfo)
{
    if (current->seen_frame != pinfo->num) {
        current->seen_frame = pinfo->num;
        current->n_seen = 0;
    }
    if (current->n_seen < MAX_SEEN) {
        current->seen[current->n_seen++] = (struct seen){ .ip = pinfo->net_src.data };
    }
}

void skypefp_observe_leave(void)
{
    if (capture->n_seen > 0) {
        capture->seen[capture->n_seen - 1].is_left = true;
    }
}

static skypefp_address make_address(const address *from, uint32_t port)
{
    bool is_ip = from->type == AT_IPv4 || from->type == AT_IPv6;

    return (skypefp_address){ .bytes = from->data, .len = (uint8_t)(is_ip ? from->len : 0), .port = (uint16_t)port };
}

bool skypefp_observe_datagram(tvbuff_t *tvb, packet_info *pinfo, struct observed *observed)
{
    struct capture *current = current_capture();
    uint32_t len = tvb_captured_length(tvb);

    observed->tvb = tvb;
    observed->packet = (skypefp_packet){
        .transport = SKYPEFP_UDP,
        .src = make_address(&pinfo->src, pinfo->srcport),
        .dst = make_address(&pinfo->dst, pinfo->destport),
        .data = len > 0 ? tvb_get_ptr(tvb, 0, (int)len) : NULL,
        .len = len,
        .wire_len = tvb_reported_length(tvb),
    };
    note_seen(current, pinfo);
    return observe_packet(current, pinfo, skypefp_is_outermost(pinfo, tvb), &observed->packet, &observed->sighting);
}

bool skypefp_observe_segment(tvbuff_t *tvb, packet_info *pinfo, struct observed *observed)
{
    struct capture *current = current_capture();
    struct located located;
    uint32_t len = tvb_captured_length(tvb);

    if (len == 0 || find_seen(current, pinfo) != NULL ||
        !skypefp_locate_segment(pinfo, tvb, len, &observed->packet, &located)) {
        return false;
    }
    observed->tvb = tvb;
    note_seen(current, pinfo);
    return observe_packet(current, pinfo, located.is_outermost, &observed->packet, &observed->sighting);
}

static void set_tvb(struct observed *observed, const struct located *located)
{
    observed->tvb = tvb_new_subset_length_caplen(located->tvb, located->offset, (int)observed->packet.len,
                                                 (int)observed->packet.wire_len);
}

/* What the frame's innermost IP header carries, if no heuristic was called with it. */
G_GNUC_NO_INLINE static bool observe_located(struct capture *current, tvbuff_t *frame_tvb, packet_info *pinfo,
                                             struct observed *observed)
{
    struct located located;

    if (!skypefp_locate(pinfo, frame_tvb, &observed->packet, &located) ||
        !observe_packet(current, pinfo, located.is_outermost, &observed->packet, &observed->sighting)) {
        return false;
    }
    set_tvb(observed, &located);
    return true;
}

/* The same of what a heuristic was called with, and left. */
static bool find_left(const struct capture *current, tvbuff_t *frame_tvb, packet_info *pinfo, struct observed *observed)
{
    struct located located;

    if (!skypefp_locate(pinfo, frame_tvb, &observed->packet, &located)) {
        return false;
    }
    set_frame(pinfo, located.is_outermost, &observed->packet);
    if (!skypefp_find(current->tracker, &observed->packet, &observed->sighting)) {
        return false;
    }
    set_tvb(observed, &located);
    return true;
}

/* A frame of which a heuristic was called with something, or the first one. */
G_GNUC_NO_INLINE static bool observe_rest(tvbuff_t *frame_tvb, packet_info *pinfo, struct observed *observed)
{
    struct capture *current = current_capture();
    const struct seen *seen = find_seen(current, pinfo);

    current->seen_frame = 0;
    if (seen == NULL) {
        return observe_located(current, frame_tvb, pinfo, observed);
    }
    return seen->is_left && find_left(current, frame_tvb, pinfo, observed);
}

bool skypefp_observe_frame(tvbuff_t *frame_tvb, packet_info *pinfo, struct observed *observed)
{
    return capture != NULL && capture->seen_frame != pinfo->num ? observe_located(capture, frame_tvb, pinfo, observed)
                                                                : observe_rest(frame_tvb, pinfo, observed);
}
