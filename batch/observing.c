/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Observes what the plugin would observe. */
#include "observing.h"

#include "document.h"
#include "link_names.h"

void observing_begin(struct observing *observing, const skypefp_config *config)
{
    *observing = (struct observing){ .config = *config };
    observing->config.hash_seed = (uint64_t)g_random_int() << 32 | g_random_int();
    observing->decoder = skypefp_decoder_new();
    observing->tracker = skypefp_tracker_new(&observing->config);
    observing->services = skypefp_services_new(g_random_int());
    observing->interfaces = report_interfaces_new();
}

void observing_end(struct observing *observing)
{
    report_interfaces_free(observing->interfaces);
    g_free(observing->interface.name);
    skypefp_services_free(observing->services);
    skypefp_tracker_free(observing->tracker);
    skypefp_decoder_free(observing->decoder);
}

static bool is_before(const struct frame_time *a, const struct frame_time *b)
{
    return a->seconds != b->seconds ? a->seconds < b->seconds : a->nanoseconds < b->nanoseconds;
}

static void count_frame(struct observing *observing, const struct frame_time *when)
{
    if (observing->n_frames == 0 || is_before(when, &observing->first)) {
        observing->first = *when;
    }
    if (observing->n_frames == 0 || is_before(&observing->last, when)) {
        observing->last = *when;
    }
    observing->n_frames += observing->n_frames < G_MAXUINT32;
}

static void count_interface(struct observing *observing, const skypefp_frame *frame, const char *name)
{
    struct observing_interface *last = &observing->interface;
    int link = shown_link(frame);

    if (!last->is_known || last->link != link || g_strcmp0(last->name, name) != 0) {
        char *link_type = link_name(link);
        report_interfaces_begin(observing->interfaces, name, link_type);
        g_free(link_type);
        g_free(last->name);
        *last = (struct observing_interface){ .is_known = true, .name = g_strdup(name), .link = link };
    }
    report_interfaces_count(observing->interfaces);
    observing->n_cut += frame->len < frame->wire_len;
}

enum observed observing_take(struct observing *observing, const skypefp_frame *frame, const struct frame_time *when,
                             skypefp_sighting *sighting)
{
    skypefp_packet packet;
    skypefp_answerer answerer;
    enum skypefp_decoded decoded = skypefp_decode(observing->decoder, frame, &packet);

    count_frame(observing, when);
    count_interface(observing, frame, when->interface);
    if (decoded != SKYPEFP_DECIDED) {
        return decoded == SKYPEFP_NOTHING ? OBSERVED_NOTHING : OBSERVED_NOT_SURE;
    }
    packet.frame = observing->n_frames;
    packet.time_us = frame_time_us(when);
    bool is_found = skypefp_observe(observing->tracker, &packet, sighting);
    if (packet.scope != 0) {
        packet = skypefp_resolve(observing->tracker, &packet);
    }
    skypefp_services_observe(observing->services, &packet, &answerer);
    return is_found ? OBSERVED_SIGHTING : OBSERVED_NOTHING;
}

JsonObject *observing_make_document(struct observing *observing)
{
    skypefp_summary *summary = skypefp_summarize(observing->tracker, SKYPEFP_LIKELY);
    JsonObject *document = report_make(&(struct report_facts){
        .tracker = observing->tracker,
        .summary = summary,
        .services = observing->services,
        .config = &observing->config,
        .threshold = SKYPEFP_LIKELY,
        .engine = "direct",
        .n_frames = observing->n_frames,
        .n_cut = observing->n_cut,
        .interfaces = observing->interfaces,
        .first = { observing->first.seconds, observing->first.nanoseconds },
        .last = { observing->last.seconds, observing->last.nanoseconds },
    });

    skypefp_summary_free(summary);
    return document;
}
