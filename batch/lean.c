/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes preferences, and generates disabled_protos: dissectors on UDP and TCP that carry no IP are switched off.
 *
 * The lists come from the installed tshark: the dissectors that its tables udp.port and tcp.port name, and its UDP
 * and TCP heuristics. Whatever is reached in another way (link layers, IP, ICMP, GRE, pcap's own layers) is never
 * touched. What stays of the others may carry IP packets, or frames that do, and is kept by name. */
#include "lean.h"

#include "lean_cache.h"

#include <string.h>

enum { DUMP_SECONDS = 60 };

/* On UDP or TCP, and with packets inside. Names that a version of Wireshark does not know do no harm. */
static const char *const kept[] = {
    "skypefp",
    /* tunnels */
    "amt",
    "aruba_erm",
    "ayiya",
    "bat",
    "capwap",
    "capwap.data",
    "dvb-s2_modeadapt",
    "e100",
    "erspan",
    "etherip",
    "fcip",
    "geneve",
    "gprs-ns",
    "gre",
    "gtp",
    "gtpprime",
    "gue",
    "infiniband",
    "ipvs",
    "ipx",
    "jmirror",
    "l2tp",
    "lisp",
    "lisp-data",
    "lisp-tcp",
    "llc",
    "lwapp",
    "lwapp-l3",
    "mint",
    "mip",
    "mipv6",
    "mpls",
    "mpls-echo",
    "nhrp",
    "nsh",
    "openflow",
    "openvpn",
    "papi",
    "peekremote",
    "redbackli",
    "sctp",
    "tapa",
    "tcpencap",
    "teredo",
    "tipc",
    "tzsp",
    "udpencap",
    "vines_frp",
    "vxlan",
    "vxlan_gpe",
    "wassp",
    "wccp",
    "wg",
    "wlccp",
    "xot",
    "zep",
    "nxp_802154_sniffer",
    "dlsw",
    "hip",
    "kip",
    "knet",
    "slip",
    "smc",
    "caneth",
    "mle",
    "gsm_ipa",
    /* mobile and broadcast links */
    "gsmtap",
    "fp",
    "fp_mux",
    "mac-lte",
    "mac-nr",
    "mp2t",
    "dcp-etsi",
    "dvb_ipdc",
    "pdcp-lte",
    "pdcp-nr",
    "rlc",
    "rlc-lte",
    "rlc-nr",
    "rftap",
    /* captures inside of captures */
    "cflow",
    "lanforge",
    "nstrace.rpc",
    "pktgen",
    "rpcap",
    "sebek",
    "sflow",
};

/* What a batch never shows: text of trees, names of cards, times of conversations. All versions of Wireshark know
 * these. */
static const char preferences[] = "nameres.mac_name: FALSE\n"
                                  "ip.summary_in_tree: FALSE\n"
                                  "ipv6.summary_in_tree: FALSE\n"
                                  "tcp.summary_in_tree: FALSE\n"
                                  "tcp.calculate_timestamps: FALSE\n"
                                  "tcp.track_bytes_in_flight: FALSE\n"
                                  "udp.summary_in_tree: FALSE\n"
                                  "udp.calculate_timestamps: FALSE\n";

/* The lines of tshark -G what; NULL when it fails. */
static char **dump(const struct engine *engine, const char *what)
{
    const char *const argv[] = { engine->tshark, "-G", what, NULL };
    char *output, *errors;
    enum child_event event;
    int code = child_run(argv, engine->environment, child_deadline(DUMP_SECONDS), &output, &errors, &event);
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
        if (g_strv_length(columns) > column &&
            (strcmp(columns[0], tables[0]) == 0 || strcmp(columns[0], tables[1]) == 0)) {
            g_hash_table_add(names, g_strdup(columns[column]));
        }
        g_strfreev(columns);
    }
    g_strfreev(lines);
    return lines != NULL;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* One name a line. */
static char *join(GHashTable *names)
{
    GList *sorted = g_list_sort(g_hash_table_get_keys(names), compare_names);
    GString *text = g_string_new(NULL);

    for (GList *name = sorted; name != NULL; name = name->next) {
        g_string_append_printf(text, "%s\n", (const char *)name->data);
    }
    g_list_free(sorted);
    return g_string_free(text, FALSE);
}

/* The dissectors on UDP and TCP, as tshark lists them; NULL if it fails. */
static char *ask_for_names(const struct engine *engine)
{
    static const char *const ports[] = { "udp.port", "tcp.port" }, *const heuristics[] = { "udp", "tcp" };
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool is_complete = collect(names, dump(engine, "decodes"), ports, 2) &&
                       collect(names, dump(engine, "heuristic-decodes"), heuristics, 1);
    char *text = is_complete ? join(names) : NULL;

    g_hash_table_destroy(names);
    return text;
}

static char *find_names(const struct engine *engine)
{
    char *key = lean_cache_key(engine);
    char *names = lean_cache_read(key);

    if (names == NULL) {
        names = ask_for_names(engine);
        if (names != NULL) {
            lean_cache_write(key, names);
        }
    }
    g_free(key);
    return names;
}

/* The lines without the names that are kept. */
static char *drop_kept(const char *names)
{
    char **lines = g_strsplit(names, "\n", -1);
    GString *text = g_string_new(NULL);

    for (char **line = lines; *line != NULL; line++) {
        bool is_kept = **line == '\0';
        for (unsigned i = 0; i < G_N_ELEMENTS(kept) && !is_kept; i++) {
            is_kept = strcmp(*line, kept[i]) == 0;
        }
        if (!is_kept) {
            g_string_append_printf(text, "%s\n", *line);
        }
    }
    g_strfreev(lines);
    return g_string_free(text, FALSE);
}

static void write_config(const struct engine *engine, const char *name, const char *text)
{
    char *path = g_build_filename(engine->folder, "config", name, NULL);

    g_file_set_contents(path, text, -1, NULL); /* without it: slower */
    g_free(path);
}

void lean_write(const struct engine *engine)
{
    char *names = find_names(engine);

    engine_write_preferences(engine, preferences);
    if (names != NULL) {
        char *disabled = drop_kept(names);
        write_config(engine, "disabled_protos", disabled);
        g_free(disabled);
        g_free(names);
    }
}
