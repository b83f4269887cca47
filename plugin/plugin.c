/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module that Wireshark loads: registers the protocol SkypeFP and its three hooks.
 *
 * The heuristic dissectors are called with the UDP and TCP payloads that no dissector claims by port, exact,
 * defragmented and out of their tunnels. They claim what is marked. The postdissector takes what they are not called
 * with: payloads that another dissector claimed, segments without payload, retransmitted or out of order. */
#include "command_line.h"
#include "compat.h"
#include "endpoint_filter.h"
#include "fields.h"
#include "listening.h"
#include "locate.h"
#include "observe.h"
#include "preferences.h"
#include "present.h"
#include "report_window.h"
#include "skypefp_version.h"
#include "tap.h"
#include "tap_conversations.h"
#include "tap_document.h"
#include "tap_print.h"
#include "tap_report.h"
#include "tap_tree.h"
#include "tap_window.h"

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = SKYPEFP_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

#define SHORT_NAME "SkypeFP"

static int proto_skypefp = -1;
static int proto_frames = -1;

/* Shows an observed payload that no other dissector claims, and whether it is marked. One that is not marked is left
 * to the postdissector if there are notes on it. */
static ws_bool claim(const struct observed *observed, packet_info *pinfo, proto_tree *tree)
{
    if (skypefp_present(observed, pinfo, tree, true)) {
        return TRUE;
    }
    if (skypefp_has_notes(observed)) {
        skypefp_observe_leave();
    }
    return FALSE;
}

/* What an ICMP error quotes is not a new message. */
static ws_bool dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *closure _U_)
{
    struct observed observed;

    return !pinfo->flags.in_error_pkt && skypefp_observe_datagram(tvb, pinfo, &observed) &&
           claim(&observed, pinfo, tree);
}

static ws_bool dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *closure _U_)
{
    struct observed observed;

    return !pinfo->flags.in_error_pkt && skypefp_observe_segment(tvb, pinfo, &observed) &&
           claim(&observed, pinfo, tree);
}

static int dissect_frame(tvbuff_t *frame_tvb, packet_info *pinfo, proto_tree *tree, void *closure _U_)
{
    struct observed observed;

    if (skypefp_observe_frame(frame_tvb, pinfo, &observed)) {
        pinfo->current_proto = SHORT_NAME; /* whose expert items follow; Wireshark puts back what was there */
        if (!skypefp_present(&observed, pinfo, tree, false)) {
            skypefp_present_notes(&observed, pinfo, tree);
        }
    }
    return 1; /* not 0, which refuses; how much a postdissector took is not used */
}

static void register_protocol(void)
{
    proto_skypefp = proto_register_protocol("Skype Fingerprint", SHORT_NAME, "skypefp");
    /* A pseudo-protocol, so that Wireshark does not add a layer to every frame. It follows its parent's enabled
     * state; its own checkbox in Enabled Protocols has no effect. */
    proto_frames = proto_register_protocol_in_name_only("Skype Fingerprint of all frames", SHORT_NAME " frames",
                                                        "skypefp.frames", proto_skypefp, FT_PROTOCOL);
    skypefp_fields_register(proto_skypefp);
    skypefp_preferences_register(proto_skypefp);
    skypefp_tap_register();
}

static void register_statistics(void)
{
    skypefp_listening_register();
    skypefp_tree_register();
    skypefp_conversations_register();
    skypefp_print_register();
    skypefp_report_register();
    skypefp_report_window_register();
    if (!skypefp_is_tshark()) { /* its list of statistics is for people; these serve menus and sharkd */
        skypefp_window_register();
        skypefp_document_register();
    }
}

static void register_hooks(void)
{
    skypefp_locate_init();
    skypefp_observe_init();
    heur_dissector_add("udp", dissect_udp, "Skype Fingerprint over UDP", "skypefp_udp", proto_skypefp,
                       HEURISTIC_ENABLE);
    heur_dissector_add("tcp", dissect_tcp, "Skype Fingerprint over TCP", "skypefp_tcp", proto_skypefp,
                       HEURISTIC_ENABLE);
    register_postdissector(create_dissector_handle(dissect_frame, proto_frames));
    register_statistics();
    skypefp_endpoint_filter_register();
}

void plugin_register(void)
{
    static proto_plugin plugin = { .register_protoinfo = register_protocol, .register_handoff = register_hooks };

    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER;
}
