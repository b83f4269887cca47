/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generates disabled_protos: what sits on UDP and TCP and carries no IP is switched off.
 *
 * The lists come from the installed tshark: the dissectors that its tables udp.port and tcp.port name, and its UDP and TCP
 * heuristics. Whatever is reached in another way (link layers, IP, ICMP, GRE, pcap's own layers) is never touched. What stays of
 * the others may carry IP packets, or frames that do, and is kept by name. */
#include "lean.h"

#include <string.h>

enum { DUMP_SECONDS = 60 };

/* On UDP or TCP, and with packets inside. Names that a version of Wireshark does not know do no harm. */
static const char *const kept[] = {
    "skypefp",
    /* tunnels */
    "amt", "aruba_erm", "ayiya", "bat", "capwap", "capwap.data", "dvb-s2_modeadapt", "e100", "erspan", "etherip", "fcip", "geneve",
    "gprs-ns", "gre", "gtp", "gtpprime", "gue", "infiniband", "ipvs", "ipx", "jmirror", "l2tp", "lisp", "lisp-data", "lisp-tcp",
    "llc", "lwapp", "lwapp-l3", "mint", "mip", "mipv6", "mpls", "mpls-echo", "nhrp", "nsh", "openvpn", "papi", "peekremote",
    "redbackli", "sctp", "tapa", "tcpencap", "teredo", "tipc", "tzsp", "udpencap", "uma", "vines_frp", "vxlan", "vxlan_gpe",
    "wassp", "wccp", "wg", "wlccp", "xot", "zep", "nxp_802154_sniffer", "dlsw", "atmtcp", "hip", "kip", "knet", "opa.fe",
    "s5066sis", "slip", "smc", "caneth", "mle", "gsm_ipa",
    /* mobile and broadcast links */
    "gsmtap", "fp", "fp_mux", "mac-lte", "mac-nr", "mp2t", "dcp-etsi", "dvb_ipdc", "pdcp-lte", "pdcp-nr", "rlc", "rlc-lte",
    "rlc-nr", "rftap",
    /* captures inside of captures */
    "cflow", "lanforge", "nstrace.rpc", "pktgen", "rpcap", "sebek", "sflow",
};

/* The lines of tshark -G what; NULL when it fails. */
static char **dump(const struct engine *engine, const char *what)
{
    const char *const argv[] = { engine->tshark, "-G", what, NULL };
    char *output, *errors;
    enum child_event event;
    int code = child_run(argv, engine->environment, g_get_monotonic_time() + (gint64)DUMP_SECONDS * G_USEC_PER_SEC, &output, &errors,
                         &event);
    char **lines = code == 0 ? g_strsplit(output, "\n", -1) : NULL;

    g_free(output);
    g_free(errors);
    return lines;
}

/* Adds the column of the lines whose first column is one of two tables. False without lines. */
static bool collect(GHashTable *names, char **lines, const char *const tables[2], unsigned column)
{
    for (char **line = lines; line != NULL && *line != NULL; line++) {
        char **columns = g_strsplit(*line, "\t", -1);
        if (g_strv_length(columns) > column && (strcmp(columns[0], tables[0]) == 0 || strcmp(columns[0], tables[1]) == 0)) {
            g_hash_table_add(names, g_strdup(columns[column]));
        }
        g_strfreev(columns);
    }
    g_strfreev(lines);
    return lines != NULL;
}

bool lean_write(const struct engine *engine)
{
    static const char *const ports[] = { "udp.port", "tcp.port" }, *const heuristics[] = { "udp", "tcp" };
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool is_done = collect(names, dump(engine, "decodes"), ports, 2) &&
                   collect(names, dump(engine, "heuristic-decodes"), heuristics, 1);
    bool is_plugin_there = g_hash_table_contains(names, "skypefp");
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_hash_table_remove(names, kept[i]);
    }
    if (is_done) {
        GString *text = g_string_new(NULL);
        GHashTableIter iter;
        gpointer name;
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, &name, NULL)) {
            g_string_append_printf(text, "%s\n", (const char *)name);
        }
        char *path = g_build_filename(engine->folder, "config", "disabled_protos", NULL);
        is_done = g_file_set_contents(path, text->str, (gssize)text->len, NULL);
        g_free(path);
        g_string_free(text, TRUE);
    }
    g_hash_table_destroy(names);
    return is_done && is_plugin_there;
}
