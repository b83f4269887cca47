/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plugin beside skypefp that prints the packets which skypefp observes, one a line, to the file that
 * SKYPEFP_OBSERVED names. */
#include "compat.h"
#include "packet_line.h"
#include "tap.h"

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = "0";
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

static tap_packet_status print_tapped(void *file, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                                      tap_flags_t flags _U_)
{
    const struct tapped *tapped = data;

    print_packet(file, &tapped->packet);
    fflush(file);
    return TAP_PACKET_DONT_REDRAW;
}

static void listen_to_packets(void)
{
    const char *path = g_getenv("SKYPEFP_OBSERVED");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;

    if (file != NULL) {
        GString *error = register_tap_listener("skypefp", file, NULL, 0, NULL, print_tapped, NULL, NULL);
        if (error != NULL) {
            g_error("%s", error->str);
        }
    }
}

void plugin_register(void)
{
    static proto_plugin plugin = { .register_handoff = listen_to_packets };

    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_TAP_LISTENER;
}
