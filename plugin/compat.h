/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every difference between Wireshark 4.0, 4.4 and 4.6 that this plugin meets, and nothing else. */
#ifndef SKYPEFP_COMPAT_H
#define SKYPEFP_COMPAT_H

#include <wireshark.h>

#include <ws_version.h>

#include <epan/packet.h>

#define WIRESHARK_AT_LEAST(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* What heuristics return and preferences point to. */
#if WIRESHARK_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

/* plugin_describe() and its flags came after 4.0. */
#if WIRESHARK_AT_LEAST(4, 4)
#include <wsutil/plugins.h>
#else
#define WS_PLUGIN_DESC_DISSECTOR (1u << 0)
#define WS_PLUGIN_DESC_TAP_LISTENER (1u << 4)
#endif

/* What the start of a -z statistic returns: whether it worked, from 4.6 on. */
#if WIRESHARK_AT_LEAST(4, 6)
typedef bool stat_tap_init_result;
#define STAT_TAP_INIT_DONE true
#define STAT_TAP_INIT_FAILED false
#else
typedef void stat_tap_init_result;
#define STAT_TAP_INIT_DONE
#define STAT_TAP_INIT_FAILED
#endif

/* Wireshark's own way to open a file is installed from 4.6 on; here it is the same. */
#if WIRESHARK_AT_LEAST(4, 6)
#include <wsutil/file_util.h>
#else
#define ws_fopen fopen
#endif

/* Interfaces are numbered by section from 4.4 on; the number is that of the first one. */
#if WIRESHARK_AT_LEAST(4, 4)
#define GET_INTERFACE_NAME(epan, interface_id) epan_get_interface_name(epan, interface_id, 0)
#else
#define GET_INTERFACE_NAME(epan, interface_id) epan_get_interface_name(epan, interface_id)
#endif

/* Whether the layers of a frame name the IP header that follows an MPLS label: not from 4.4 on. */
#define LISTS_IP_AFTER_LABEL (!WIRESHARK_AT_LEAST(4, 4))

/* What parts a statistics tree's place in the menu. */
#ifndef STATS_TREE_MENU_SEPARATOR
#define STATS_TREE_MENU_SEPARATOR "/"
#endif

/* Conversation filters got a pointer of their own. */
#if WIRESHARK_AT_LEAST(4, 4)
#define CONVERSATION_FILTER_USER_DATA , void *user_data _U_
#define REGISTER_CONVERSATION_FILTER(proto, name, is_valid, build) \
    register_conversation_filter(proto, name, is_valid, build, NULL)
#else
#define CONVERSATION_FILTER_USER_DATA
#define REGISTER_CONVERSATION_FILTER(proto, name, is_valid, build) \
    register_conversation_filter(proto, name, is_valid, build)
#endif

/* Asks that an earlier frame is saved whenever the current one is; Wireshark assumes that frames depend on earlier
 * ones only. */
static inline void depend_on_frame(packet_info *pinfo, uint32_t frame)
{
    if (frame >= pinfo->num) {
        return;
    }
#if WIRESHARK_AT_LEAST(4, 4)
    mark_frame_as_depended_upon(pinfo->fd, frame);
#else
    mark_frame_as_depended_upon(pinfo, frame);
#endif
}

#endif
