/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the HTML page says of one capture. */
#include "html_capture.h"

#include "capture_findings.h"
#include "html_contacts.h"
#include "html_near_misses.h"
#include "html_proofs.h"
#include "html_timeline.h"

#include <string.h>

static void count_verdicts(JsonObject *document, guint counts[SKYPEFP_CERTAIN + 1])
{
    GPtrArray *findings = report_findings(document);

    for (guint i = 0; i < findings->len; i++) {
        counts[verdict_by_name(report_string(g_ptr_array_index(findings, i), "verdict"))]++;
    }
    g_ptr_array_unref(findings);
}

char *report_html_answer(JsonObject *document, const struct report_file *file, enum skypefp_verdict *verdict)
{
    guint counts[SKYPEFP_CERTAIN + 1] = { 0 };

    count_verdicts(document, counts);
    *verdict = report_verdict(document);
    if (document == NULL) {
        return g_strdup_printf("This file could not be examined: %s",
                               file->message != NULL ? file->message : "no reason is known");
    }
    switch (*verdict) {
    case SKYPEFP_CERTAIN:
        return g_strdup_printf(
            "This capture certainly contains peer-to-peer Skype. Senders: %u certain, %u likely, %u possible.",
            counts[SKYPEFP_CERTAIN], counts[SKYPEFP_LIKELY], counts[SKYPEFP_POSSIBLE]);
    case SKYPEFP_LIKELY:
        return g_strdup_printf(
            "This capture likely contains peer-to-peer Skype. Senders: none certain, %u likely, %u possible.",
            counts[SKYPEFP_LIKELY], counts[SKYPEFP_POSSIBLE]);
    case SKYPEFP_POSSIBLE:
        return g_strdup_printf(
            "This capture possibly contains peer-to-peer Skype, which proves nothing. Senders: %u possible.",
            counts[SKYPEFP_POSSIBLE]);
    default:
        return g_strdup("No peer-to-peer Skype was found in this capture.");
    }
}

static void put_fact(xmlTextWriterPtr page, const char *name, const char *value)
{
    markup_row(page, "td", name, value != NULL ? value : "unknown", NULL);
}

static void put_number(xmlTextWriterPtr page, const char *name, gint64 number, const char *unit)
{
    char *text = number >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT "%s", number, unit) : NULL;

    put_fact(page, name, text);
    g_free(text);
}

static void put_preferences(xmlTextWriterPtr page, JsonObject *document)
{
    JsonObject *preferences = report_object(document, "preferences");
    JsonArray *disabled = preferences != NULL ? report_array(preferences, "disabled_rules") : NULL;
    guint n = disabled != NULL ? json_array_get_length(disabled) : 0;
    GString *text = g_string_new(NULL);

    if (preferences != NULL) {
        g_string_printf(text, "packets are marked from %s on; rules that were off: %s",
                        report_string(preferences, "threshold"), n == 0 ? "none" : "");
        for (guint i = 0; i < n; i++) {
            g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", json_array_get_string_element(disabled, i));
        }
        g_string_append_printf(text,
                               "; at most %" G_GINT64_FORMAT " endpoints, %" G_GINT64_FORMAT
                               " requests, %" G_GINT64_FORMAT " TCP conversations and %" G_GINT64_FORMAT
                               " findings at a time",
                               report_number(preferences, "max_endpoints", 0),
                               report_number(preferences, "max_requests", 0),
                               report_number(preferences, "max_streams", 0),
                               report_number(preferences, "max_findings", 0));
    }
    put_fact(page, "Preferences", preferences != NULL ? text->str : NULL);
    g_string_free(text, TRUE);
}

/* What the limits of memory dropped: nothing is the usual case. */
static void put_dropped(xmlTextWriterPtr page, JsonObject *document)
{
    JsonObject *dropped = report_object(document, "dropped");
    GList *keys = dropped != NULL ? json_object_get_members(dropped) : NULL;
    GString *text = g_string_new(NULL);

    for (const GList *key = keys; key != NULL; key = key->next) {
        if (report_number(dropped, key->data, 0) > 0) {
            g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, text->len > 0 ? ", " : "", (const char *)key->data,
                                   report_number(dropped, key->data, 0));
        }
    }
    put_fact(page, "Left out by limits", text->len > 0 ? text->str : "nothing");
    g_list_free(keys);
    g_string_free(text, TRUE);
}

/* Packets of which the end is missing, by choice of who captured them. */
static void put_cut(xmlTextWriterPtr page, JsonObject *capture)
{
    gint64 n = report_number(capture, "cut_frames", -1);
    char *text = n == 0 ? g_strdup("none") : n > 0 ? g_strdup_printf("%" G_GINT64_FORMAT, n) : NULL;

    put_fact(page, "Packets captured in part", text);
    g_free(text);
}

/* "eth0: Ethernet, 12 packets", each on a line. */
static void put_interfaces(xmlTextWriterPtr page, JsonObject *capture)
{
    JsonArray *rows = report_array(capture, "interfaces");
    GString *text = g_string_new(NULL);

    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        JsonObject *row = report_object_at(rows, i);
        const char *name = row != NULL ? report_string(row, "name") : NULL;
        const char *link_type = row != NULL ? report_string(row, "link_type") : NULL;
        gint64 n = row != NULL ? report_number(row, "frames", 0) : 0;
        g_string_append_printf(text, "%s%s: %s, %" G_GINT64_FORMAT " %s", i > 0 ? "; " : "",
                               name != NULL ? name : "name unknown", link_type != NULL ? link_type : "unknown", n,
                               n == 1 ? "packet" : "packets");
    }
    put_fact(page, "Interfaces", text->len > 0 ? text->str : NULL);
    g_string_free(text, TRUE);
}

static void put_facts(xmlTextWriterPtr page, JsonObject *document, const struct report_file *file)
{
    JsonObject *capture = document != NULL ? report_object(document, "capture") : NULL;
    bool is_whole = g_strcmp0(file->status, "ok") == 0;

    markup_open(page, "table", "class", "facts", NULL);
    put_fact(page, "File", file->name);
    put_fact(page, "SHA-256", file->sha256);
    put_number(page, "Size", file->size, " bytes");
    put_fact(page, "Read to its end", is_whole ? "yes" : file->message != NULL ? file->message : file->status);
    if (capture != NULL) {
        put_number(page, "Packets", report_number(capture, "frames", -1), "");
        put_cut(page, capture);
        put_interfaces(page, capture);
        put_fact(page, "First packet (UTC)", report_string(capture, "first_time"));
        put_fact(page, "Last packet (UTC)", report_string(capture, "last_time"));
        put_fact(page, "Fingerprints", report_string(document, "plugin_version"));
        put_fact(page, "Decided by", report_string(document, "engine"));
        const char *wireshark = report_string(document, "wireshark_version");
        put_fact(page, "Wireshark", wireshark != NULL ? wireshark : "not used");
        put_preferences(page, document);
        put_dropped(page, document);
    }
    markup_close(page);
}

static void put_software(xmlTextWriterPtr page, JsonObject *document)
{
    JsonArray *rows = report_array(document, "software");
    guint n = rows != NULL ? json_array_get_length(rows) : 0;

    if (n == 0) {
        return;
    }
    markup_leaf(page, "h3", "Hosts that asked for Skype's software or services");
    markup_leaf(page, "p", "This shows that the software was there, and nothing more.");
    markup_open(page, "ul", NULL);
    for (guint i = 0; i < MIN(n, 100); i++) {
        JsonObject *row = report_object_at(rows, i);
        const char *address = row != NULL ? report_string(row, "address") : NULL;
        if (address != NULL) {
            markup_leaf(page, "li", "%s, packet %" G_GINT64_FORMAT, address, report_number(row, "frame", 0));
        }
    }
    markup_close(page);
}

void report_html_capture(xmlTextWriterPtr page, JsonObject *document, const struct report_file *file,
                         const char *sentence, enum skypefp_verdict verdict)
{
    markup_leaf(page, "h2", "%s", file->name);
    markup_open(page, "p", "class", "answer", NULL);
    markup_string(page, sentence);
    markup_close(page);
    put_facts(page, document, file);
    if (document != NULL && verdict > SKYPEFP_NONE) {
        report_html_timeline(page, document);
        report_html_contacts(page, document);
        report_html_proofs(page, document);
    }
    if (document != NULL) {
        put_software(page, document);
        report_html_near_misses(page, document);
    }
}
