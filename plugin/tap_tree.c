/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statistics tree: Statistics, Skype Fingerprint, and tshark -z skypefp,tree.
 *
 * A statistics tree counts packets as they come, but a verdict may be reached long after a packet. So the tree is
 * set, not counted: from the summary, at the first packet of a later pass, and otherwise when tshark draws: a
 * listener that is registered after the tree's own, with the first packet, is drawn before it. */
#include "tap_tree.h"

#include "format.h"
#include "message.h"
#include "observe.h"
#include "preferences.h"
#include "summary.h"
#include "tap.h"

#include <epan/stats_tree.h>

static const char name[] = "Skype Fingerprint";

enum { MAX_LEAVES = 1000 }; /* of one branch: each new one costs as much as there are before it */

/* Nodes of the tree that is shown; one at a time. */
static struct tree {
    stats_tree *shown;
    bool is_set;
    bool is_listening; /* draw_tree() will be called */
} tree;

enum branch { VERDICTS, RULES, FUNCTIONS, ENDPOINTS, PUBLIC, DROPPED };

static const char *const branches[] = {
    [VERDICTS] = "Packets by verdict",   [RULES] = "Rules that fired",         [FUNCTIONS] = "Messages by function",
    [ENDPOINTS] = "Packets by endpoint", [PUBLIC] = "Public addresses learnt", [DROPPED] = "Dropped by memory limits",
};

/* The id of a branch, with a count of its own. */
static int set_branch(stats_tree *st, enum branch branch, uint32_t count)
{
    stats_tree_manip_node_int(MN_SET, st, branches[branch], 0, TRUE, (gint)MIN(count, (uint32_t)G_MAXINT));
    return stats_tree_parent_id_by_name(st, branches[branch]);
}

static void set_leaf(stats_tree *st, int branch, const char *title, uint32_t count)
{
    if (count > 0) {
        stats_tree_manip_node_int(MN_SET, st, title, branch, FALSE, (gint)MIN(count, (uint32_t)G_MAXINT));
    }
}

static void set_verdicts(stats_tree *st, const skypefp_summary *summary)
{
    int branch = set_branch(st, VERDICTS,
                            summary->packets[SKYPEFP_CERTAIN] + summary->packets[SKYPEFP_LIKELY] +
                                summary->packets[SKYPEFP_POSSIBLE]);

    for (int verdict = SKYPEFP_CERTAIN; verdict > SKYPEFP_NONE; verdict--) {
        set_leaf(st, branch, skypefp_verdict_name((enum skypefp_verdict)verdict), summary->packets[verdict]);
    }
}

static void set_rules(stats_tree *st, const skypefp_summary *summary)
{
    uint32_t n = 0;

    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        n += summary->rule_hits[i];
    }
    int branch = set_branch(st, RULES, n);
    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        set_leaf(st, branch, skypefp_rule_at(i)->key, summary->rule_hits[i]);
    }
}

static void set_functions(stats_tree *st, const skypefp_summary *summary)
{
    uint32_t n = 0;

    for (uint8_t i = 0; i < SKYPEFP_N_FUNCTIONS; i++) {
        n += skypefp_function_name(i) != NULL ? summary->functions[i] : 0;
    }
    int branch = set_branch(st, FUNCTIONS, n);
    for (uint8_t i = 0; i < SKYPEFP_N_FUNCTIONS; i++) {
        if (skypefp_function_name(i) != NULL) {
            set_leaf(st, branch, skypefp_function_name(i), summary->functions[i]);
        }
    }
}

static bool is_marked(const skypefp_endpoint_summary *sums)
{
    return (int)sums->verdict >= skypefp_preferences.threshold;
}

/* One leaf for what a branch has beyond MAX_LEAVES. */
static void set_rest(stats_tree *st, int branch, uint32_t n_leaves, uint32_t count)
{
    if (n_leaves > MAX_LEAVES) {
        char *title = g_strdup_printf("and %u more", n_leaves - MAX_LEAVES);
        set_leaf(st, branch, title, count);
        g_free(title);
    }
}

static void set_endpoint(stats_tree *st, int branch, const skypefp_endpoint_summary *sums)
{
    skypefp_address address = skypefp_endpoint_address(sums->endpoint);
    char *text = skypefp_format_address(NULL, &address);

    set_leaf(st, branch, text, sums->n_packets);
    wmem_free(NULL, text);
}

static void set_endpoints(stats_tree *st, const skypefp_summary *summary)
{
    uint32_t n_marked = 0, n_packets = 0, n_rest = 0;
    int branch = set_branch(st, ENDPOINTS, 0);

    for (unsigned i = 0; i < summary->n_endpoints; i++) {
        const skypefp_endpoint_summary *sums = &summary->endpoints[i];
        if (!is_marked(sums)) {
            continue;
        }
        n_packets += sums->n_packets;
        if (++n_marked <= MAX_LEAVES) {
            set_endpoint(st, branch, sums);
        } else {
            n_rest += sums->n_packets;
        }
    }
    set_rest(st, branch, n_marked, n_rest);
    set_branch(st, ENDPOINTS, n_packets);
}

static void set_public_address(stats_tree *st, int branch, const skypefp_endpoint *endpoint)
{
    skypefp_address address = skypefp_endpoint_address(endpoint);
    char *inside = skypefp_format_address(NULL, &address);
    char *outside = skypefp_format_ipv4(NULL, skypefp_endpoint_public_ipv4(endpoint));
    char *leaf = g_strdup_printf("%s, of %s", outside, inside);

    set_leaf(st, branch, leaf, 1);
    g_free(leaf);
    wmem_free(NULL, outside);
    wmem_free(NULL, inside);
}

static void set_public_addresses(stats_tree *st, const skypefp_summary *summary)
{
    uint32_t n = 0;
    int branch = set_branch(st, PUBLIC, 0);

    for (unsigned i = 0; i < summary->n_endpoints; i++) {
        const skypefp_endpoint *endpoint = summary->endpoints[i].endpoint;
        if (skypefp_endpoint_public_ipv4(endpoint) != 0 && ++n <= MAX_LEAVES) {
            set_public_address(st, branch, endpoint);
        }
    }
    set_rest(st, branch, n, n - MIN(n, MAX_LEAVES));
    set_branch(st, PUBLIC, n);
}

static void set_dropped(stats_tree *st)
{
    const skypefp_tracker *tracker = skypefp_capture_tracker();
    skypefp_dropped dropped = tracker != NULL ? skypefp_tracker_dropped(tracker) : (skypefp_dropped){ 0 };
    uint64_t n = dropped.endpoints + dropped.requests + dropped.streams + dropped.findings;
    int branch = set_branch(st, DROPPED, (uint32_t)MIN(n, UINT32_MAX));

    set_leaf(st, branch, "endpoints", (uint32_t)MIN(dropped.endpoints, UINT32_MAX));
    set_leaf(st, branch, "requests", (uint32_t)MIN(dropped.requests, UINT32_MAX));
    set_leaf(st, branch, "TCP conversations", (uint32_t)MIN(dropped.streams, UINT32_MAX));
    set_leaf(st, branch, "findings", (uint32_t)MIN(dropped.findings, UINT32_MAX));
}

static void set_tree(stats_tree *st)
{
    skypefp_summary *summary =
        skypefp_summarize(skypefp_capture_tracker(), (enum skypefp_verdict)skypefp_preferences.threshold);

    set_verdicts(st, summary);
    set_rules(st, summary);
    set_functions(st, summary);
    set_endpoints(st, summary);
    set_public_addresses(st, summary);
    set_dropped(st);
    skypefp_summary_free(summary);
    tree.is_set = true;
}

static void draw_tree(void *data)
{
    struct tree *drawn = data;

    if (!drawn->is_set) {
        set_tree(drawn->shown);
    }
}

static void reset_tree(void *data)
{
    ((struct tree *)data)->is_set = false;
}

static tap_packet_status ignore_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *packet _U_, tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

/* Called when the listener is removed; also by Wireshark's end, which then frees the tree, and it must not be
 * removed again. */
static void note_removed(void *data)
{
    ((struct tree *)data)->is_listening = false;
}

static void stop_listening(void)
{
    if (tree.is_listening) {
        remove_tap_listener(&tree);
    }
    tree = (struct tree){ .shown = NULL };
}

static void listen_for_draw(void)
{
    GString *error =
        register_tap_listener("skypefp", &tree, NULL, 0, reset_tree, ignore_packet, draw_tree, note_removed);

    tree.is_listening = error == NULL;
    if (error != NULL) {
        g_string_free(error, TRUE);
    }
}

static tap_packet_status set_when_final(stats_tree *st, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                        const void *data_tapped, tap_flags_t flags _U_)
{
    const struct tapped *tapped = data_tapped;

    if (!tapped->is_first_pass && !tree.is_set) {
        set_tree(st);
        return TAP_PACKET_REDRAW;
    }
    if (tapped->is_first_pass && !tree.is_listening) {
        listen_for_draw();
    }
    return TAP_PACKET_DONT_REDRAW;
}

static void add_branches(stats_tree *st)
{
    for (size_t i = 0; i < array_length(branches); i++) {
        stats_tree_create_node(st, branches[i], 0, STAT_DT_INT, TRUE);
    }
}

static void start_tree(stats_tree *st)
{
    stop_listening();
    tree.shown = st;
    add_branches(st);
}

static void stop_tree(stats_tree *st)
{
    if (tree.shown == st) {
        stop_listening();
    }
}

void skypefp_tree_register(void)
{
    stats_tree_register_plugin("skypefp", "skypefp", name, 0, set_when_final, start_tree, stop_tree);
}
