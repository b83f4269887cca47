/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a statistic listens. */
#include "listening.h"

#include "command_line.h"
#include "format.h"
#include "tap.h"

#include <wiretap/wtap.h>

enum { MAX_SELECTED = 4 * SKYPEFP_MAX_PAIRS }; /* endpoints and hosts: as many as so many pairs can have */

static GSList *listenings; /* struct listening: all that listen */

/* Frees what was learnt. */
static void forget_listening(struct listening *listening)
{
    if (listening->selected != NULL) {
        g_hash_table_destroy(listening->selected);
    }
    skypefp_services_free(listening->services);
    report_interfaces_free(listening->interfaces);
    *listening = (struct listening){ .services = NULL };
}

static void forget_listenings(void)
{
    for (const GSList *link = listenings; link != NULL; link = link->next) {
        forget_listening(link->data);
    }
    g_slist_free(listenings);
    listenings = NULL;
}

void skypefp_listening_register(void)
{
    register_shutdown_routine(forget_listenings);
}

bool skypefp_can_draw(const struct listening *listening)
{
    return listening->n_frames > 0 || skypefp_is_tshark();
}

/* nstime_cmp() takes the difference for an int: wrong beyond 68 years. */
static bool is_before(const nstime_t *a, const nstime_t *b)
{
    return a->secs != b->secs ? a->secs < b->secs : a->nsecs < b->nsecs;
}

/* ---- interfaces ---- */

/* The name of a frame's interface, which numbers of later sections do not tell; NULL: unknown. */
static const char *find_name(const packet_info *pinfo)
{
    const wtap_rec *record = pinfo->rec;
    bool is_later = (record->presence_flags & WTAP_HAS_SECTION_NUMBER) != 0 && record->section_number > 0;

    if ((record->presence_flags & WTAP_HAS_INTERFACE_ID) == 0 || is_later) {
        return NULL;
    }
    const char *name = GET_INTERFACE_NAME(pinfo->epan, record->rec_header.packet_header.interface_id);
    return g_strcmp0(name, "unknown") == 0 ? NULL : name;
}

static void count_interface(struct listening *listening, const packet_info *pinfo)
{
    struct listening_interface *last = &listening->interface;
    const wtap_packet_header *header = &pinfo->rec->rec_header.packet_header;

    if (pinfo->rec->rec_type != REC_TYPE_PACKET) {
        return;
    }
    if (!last->is_known || last->id != header->interface_id || last->encapsulation != header->pkt_encap) {
        report_interfaces_begin(listening->interfaces, find_name(pinfo), wtap_encap_description(header->pkt_encap));
        *last = (struct listening_interface){
            .is_known = true,
            .id = header->interface_id,
            .encapsulation = header->pkt_encap,
        };
    }
    report_interfaces_count(listening->interfaces);
}

/* ---- frames ---- */

static tap_packet_status count_frame(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *unused _U_,
                                     tap_flags_t flags _U_)
{
    struct listening *listening = data;

    if (listening->n_frames == 0 || is_before(&pinfo->abs_ts, &listening->first)) {
        listening->first = pinfo->abs_ts;
    }
    if (listening->n_frames == 0 || is_before(&listening->last, &pinfo->abs_ts)) {
        listening->last = pinfo->abs_ts;
    }
    listening->n_frames++;
    listening->n_cut += pinfo->fd->cap_len < pinfo->fd->pkt_len;
    count_interface(listening, pinfo);
    return TAP_PACKET_DONT_REDRAW;
}

static void reset_frames(void *data)
{
    struct listening *listening = data;

    listening->n_frames = 0;
    listening->n_cut = 0;
    listening->interface.is_known = false;
    report_interfaces_free(listening->interfaces);
    listening->interfaces = report_interfaces_new();
}

static tap_packet_status observe_services(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                          const void *data_tapped, tap_flags_t flags _U_)
{
    const struct listening *listening = data;
    const struct tapped *tapped = data_tapped;
    skypefp_answerer answerer;

    skypefp_services_observe(listening->services, &tapped->packet, &answerer);
    return TAP_PACKET_REDRAW;
}

static void reset_services(void *data)
{
    struct listening *listening = data;

    skypefp_services_free(listening->services);
    listening->services = skypefp_services_new(g_random_int());
}

static void draw_listening(void *data)
{
    const struct listening *listening = data;

    if (listening->draw != NULL) {
        listening->draw(listening->owner);
    }
}

static tap_packet_status select_endpoints(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                          const void *data_tapped, tap_flags_t flags _U_)
{
    GHashTable *selected = data;
    const skypefp_packet *packet = &((const struct tapped *)data_tapped)->packet;

    if (g_hash_table_size(selected) < MAX_SELECTED) {
        g_hash_table_add(selected, skypefp_format_address(NULL, &packet->src));
        g_hash_table_add(selected, skypefp_format_address(NULL, &packet->dst));
        g_hash_table_add(selected, skypefp_format_host(NULL, &packet->src));
        g_hash_table_add(selected, skypefp_format_host(NULL, &packet->dst));
    }
    return TAP_PACKET_DONT_REDRAW;
}

static void reset_selected(void *data)
{
    g_hash_table_remove_all(data);
}

static char *steal_error(GString *error)
{
    return error != NULL ? g_string_free(error, FALSE) : NULL;
}

/* The first two listeners share their pointer: remove_tap_listener() removes one of a pointer's listeners at a time. */
char *skypefp_listen(struct listening *listening, const char *filter, void (*draw)(void *owner), void *owner)
{
    char *error;

    *listening = (struct listening){
        .services = skypefp_services_new(g_random_int()),
        .interfaces = report_interfaces_new(),
        .draw = draw,
        .owner = owner,
    };
    listenings = g_slist_prepend(listenings, listening);
    /* Without the flag Wireshark leaves out frames whose ICMP error quotes a packet that is cut short. */
    error = steal_error(register_tap_listener("frame", listening, NULL, TL_REQUIRES_ERROR_PACKETS, reset_frames,
                                              count_frame, NULL, NULL));
    if (error == NULL && filter != NULL && filter[0] != '\0') {
        listening->selected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        error = steal_error(register_tap_listener("skypefp", listening->selected, filter, 0, reset_selected,
                                                  select_endpoints, NULL, NULL));
    }
    if (error == NULL) {
        error = steal_error(register_tap_listener("skypefp", listening, NULL, 0, reset_services, observe_services,
                                                  draw_listening, NULL));
    }
    return error;
}

void skypefp_unlisten(struct listening *listening)
{
    if (listening->selected != NULL) {
        remove_tap_listener(listening->selected);
    }
    remove_tap_listener(listening);
    remove_tap_listener(listening);
    listenings = g_slist_remove(listenings, listening);
    forget_listening(listening);
}

bool skypefp_is_selected(const struct listening *listening, const skypefp_address *address)
{
    if (listening->selected == NULL) {
        return true;
    }
    char *name = address->port == 0 ? skypefp_format_host(NULL, address) : skypefp_format_address(NULL, address);
    bool is_selected = g_hash_table_contains(listening->selected, name);

    wmem_free(NULL, name);
    return is_selected;
}
