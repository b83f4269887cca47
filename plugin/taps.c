/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tap "skypefp", and listening to it. */
#define _GNU_SOURCE     /* program_invocation_short_name */
#include "taps.h"

#include "format.h"

#include <errno.h>

#include <wsutil/report_message.h>

enum { MAX_SELECTED = 2 * SKYPEFP_MAX_PAIRS };     /* endpoints: as many as so many pairs can have */

static int tap_skypefp = -1;
static GSList *listenings;      /* struct listening: every one that listens */

void skypefp_taps_register(void)
{
    tap_skypefp = register_tap("skypefp");
}

/* Frees what a listening has learnt. */
static void forget_listening(struct listening *listening)
{
    if (listening->selected != NULL) {
        g_hash_table_destroy(listening->selected);
    }
    skypefp_services_free(listening->services);
    *listening = (struct listening){ .services = NULL };
}

/* Wireshark forgets listeners when it ends, and tells nobody. */
static void forget_listenings(void)
{
    for (const GSList *link = listenings; link != NULL; link = link->next) {
        forget_listening(link->data);
    }
    g_slist_free(listenings);
    listenings = NULL;
}

void skypefp_statistics_register(void)
{
    register_shutdown_routine(forget_listenings);
    skypefp_tree_register();
    skypefp_endpoints_register();
    skypefp_window_register();
    skypefp_report_register();
    skypefp_document_register();
}

void skypefp_tap_packet(packet_info *pinfo, const skypefp_packet *packet)
{
    if (have_tap_listener(tap_skypefp)) {
        struct tapped *tapped = wmem_new(pinfo->pool, struct tapped);
        tapped->packet = *packet;
        tapped->is_first_pass = !PINFO_FD_VISITED(pinfo);
        tap_queue_packet(tap_skypefp, pinfo, tapped);
    }
}

static bool is_tshark(void)
{
    return g_str_equal(program_invocation_short_name, "tshark");
}

bool skypefp_can_draw(const struct listening *listening)
{
    return listening->n_frames > 0 || is_tshark();
}

/* nstime_cmp() takes the difference for an int: wrong beyond 68 years. */
static bool is_before(const nstime_t *a, const nstime_t *b)
{
    return a->secs != b->secs ? a->secs < b->secs : a->nsecs < b->nsecs;
}

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
    return TAP_PACKET_DONT_REDRAW;
}

/* Called with the statistic that owns the listening: every one begins with the pointer to it. */
static tap_packet_status observe_services(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data_tapped,
                                          tap_flags_t flags _U_)
{
    const struct tapped *tapped = data_tapped;
    struct listening *listening = *(struct listening **)data;
    skypefp_answerer answerer;

    skypefp_services_observe(listening->services, &tapped->packet, &answerer);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status select_endpoints(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data_tapped,
                                          tap_flags_t flags _U_)
{
    GHashTable *selected = data;
    const skypefp_packet *packet = &((const struct tapped *)data_tapped)->packet;

    if (g_hash_table_size(selected) < MAX_SELECTED) {
        g_hash_table_add(selected, skypefp_format_address(NULL, &packet->src));
        g_hash_table_add(selected, skypefp_format_address(NULL, &packet->dst));
    }
    return TAP_PACKET_DONT_REDRAW;
}

static void forget_selected(void *data)
{
    g_hash_table_remove_all(data);
}

static void forget_frames(void *data)
{
    ((struct listening *)data)->n_frames = 0;
}

static void forget_services(void *data)
{
    struct listening *listening = *(struct listening **)data;

    skypefp_services_free(listening->services);
    listening->services = skypefp_services_new(g_random_int());
}

static char *take_error(GString *error)
{
    return error != NULL ? g_string_free(error, FALSE) : NULL;
}

char *skypefp_listen(struct listening *listening, const char *filter, tap_draw_cb draw, void *owner)
{
    char *error = NULL;

    listening->services = skypefp_services_new(g_random_int());
    if (filter != NULL && filter[0] != '\0') {
        listening->selected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        error = take_error(register_tap_listener("skypefp", listening->selected, filter, 0, forget_selected, select_endpoints,
                                                 NULL, NULL));
    }
    if (error == NULL) {
        error = take_error(register_tap_listener("frame", listening, NULL, 0, forget_frames, count_frame, NULL, NULL));
    }
    if (error == NULL) {
        error = take_error(register_tap_listener("skypefp", owner, NULL, 0, forget_services, observe_services, draw, NULL));
    }
    listenings = g_slist_prepend(listenings, listening);
    return error;
}

void skypefp_unlisten(struct listening *listening, void *owner)
{
    if (listening->selected != NULL) {
        remove_tap_listener(listening->selected);
    }
    remove_tap_listener(listening);
    remove_tap_listener(owner);
    listenings = g_slist_remove(listenings, listening);
    forget_listening(listening);
}

bool skypefp_is_selected(const struct listening *listening, const skypefp_address *address)
{
    if (listening->selected == NULL) {
        return true;
    }
    char *name = skypefp_format_address(NULL, address);
    bool is_selected = g_hash_table_contains(listening->selected, name);

    wmem_free(NULL, name);
    return is_selected;
}

const char *skypefp_option_tail(const char *argument, const char *name)
{
    const char *tail = argument + strlen(name);

    return tail[0] == '\0' ? tail : tail[0] == ',' ? tail + 1 : NULL;
}

void skypefp_refuse(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    report_failure("%s", text);
    g_free(text);
    if (is_tshark()) {
        exit(1);
    }
}
