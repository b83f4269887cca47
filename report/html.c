/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The HTML page: its frame, the list of captures, and what is known of each. */
#include "html.h"

#include "html_contacts.h"
#include "html_explanations.h"
#include "html_proofs.h"
#include "html_timeline.h"
#include "members.h"
#include "skypefp_version.h"

#include <string.h>

/* No character that HTML would have escaped: the writer escapes it, and browsers do not undo that in a style. */
static const char style[] =
    "body{font:15px/1.45 'DejaVu Sans',Arial,sans-serif;color:#111;max-width:62em;margin:2em auto;padding:0 1em}"
    "h1{font-size:1.7em}h2{border-top:2px solid #444;padding-top:.5em;margin-top:2em}h4{margin:1.6em 0 "
    ".3em;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;margin:.8em 0;width:100%}th,td{border:1px solid #bbb;padding:.25em "
    ".5em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#eee;font-weight:600}.facts th{width:13em}"
    ".contacts{font-size:.7em}.contacts th,.contacts td{overflow-wrap:normal;padding:.2em .3em}svg.circle "
    "text{font-size:10px}.answer{font-size:1.15em;border-left:6px solid #444;padding:.4em .8em;background:#f4f4f4}"
    ".sum{font-size:1.1em}.note{color:#444;font-size:.88em;margin:.3em 0}.proof{border-left:3px solid "
    "#bbb;padding-left:.9em;margin:1em 0}"
    "pre{margin:.3em 0;white-space:pre-wrap}code{font-family:'DejaVu Sans Mono',monospace;font-size:.88em}"
    "mark{background:#ffd75e;color:#000;outline:1px solid #c90}.xor{width:auto}svg{width:100%;height:auto;border:1px "
    "solid #ddd;margin:.5em 0}"
    "svg.circle{max-width:44em}svg text{font:11px 'DejaVu "
    "Sans',Arial,sans-serif;fill:#222}.tick{fill:#ddd}.overview{fill:#999}"
    "rect.udp{fill:#3b78b5}rect.tcp{fill:#d9822b}line.udp{stroke:#3b78b5}line.tcp{stroke:#d9822b}.burst{fill:#17375e}."
    "proof rect,rect.proof{fill:#c00}"
    "circle{fill:#222}dt{font-weight:600;margin-top:.5em}footer{border-top:1px solid "
    "#bbb;margin-top:2em;font-size:.85em}"
    "@page{size:A4;margin:15mm}@media "
    "print{body{margin:0;padding:0;font-size:10pt;max-width:none}section.capture+section.capture{break-before:page}"
    "h2,h3,h4{break-after:avoid}tr,svg,pre{break-inside:avoid}mark,rect,.answer,th{print-color-adjust:exact;-webkit-"
    "print-color-adjust:exact}}";

struct report_html {
    xmlBufferPtr sections;
    xmlBufferPtr list; /* rows of the table of captures */
    guint n, n_found, n_damaged;
};

static xmlTextWriterPtr open_writer(xmlBufferPtr buffer)
{
    xmlTextWriterPtr page = xmlNewTextWriterMemory(buffer, 0);

    xmlTextWriterSetIndent(page, 0);
    return page;
}

struct report_html *report_html_new(void)
{
    struct report_html *html = g_new0(struct report_html, 1);

    html->sections = xmlBufferCreate();
    html->list = xmlBufferCreate();
    return html;
}

void report_html_free(struct report_html *html)
{
    xmlBufferFree(html->sections);
    xmlBufferFree(html->list);
    g_free(html);
}

/* ---- one capture ---- */

/* Endpoints, and conversations with evidence of their own, by verdict. */
static void count_verdicts(JsonObject *document, guint counts[SKYPEFP_CERTAIN + 1])
{
    static const char *const arrays[] = { "endpoints", "conversations" };

    for (unsigned k = 0; k < G_N_ELEMENTS(arrays); k++) {
        JsonArray *rows = document != NULL ? report_array(document, arrays[k]) : NULL;
        for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
            JsonObject *row = report_object_at(rows, i);
            if (row != NULL && (k == 0 || report_array(row, "source_evidence") != NULL)) {
                counts[verdict_by_name(report_string(row, "verdict"))]++;
            }
        }
    }
}

/* The answer in one sentence; g_free() it. */
static char *answer(JsonObject *document, const struct report_file *file, enum skypefp_verdict *verdict)
{
    guint counts[SKYPEFP_CERTAIN + 1] = { 0 };

    count_verdicts(document, counts);
    *verdict = counts[SKYPEFP_CERTAIN] > 0    ? SKYPEFP_CERTAIN
               : counts[SKYPEFP_LIKELY] > 0   ? SKYPEFP_LIKELY
               : counts[SKYPEFP_POSSIBLE] > 0 ? SKYPEFP_POSSIBLE
                                              : SKYPEFP_NONE;
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
    put_fact(page, "Left out for want of memory", text->len > 0 ? text->str : "nothing");
    g_list_free(keys);
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

static void put_section(struct report_html *html, JsonObject *document, const struct report_file *file,
                        const char *sentence, enum skypefp_verdict verdict)
{
    xmlTextWriterPtr page = open_writer(html->sections);

    markup_open(page, "section", "class", "capture", NULL);
    markup_attribute(page, "id", "capture-%u", html->n);
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
    }
    markup_close(page);
    xmlFreeTextWriter(page);
}

static void put_list_row(struct report_html *html, const struct report_file *file, const char *sentence)
{
    xmlTextWriterPtr page = open_writer(html->list);

    markup_open(page, "tr", NULL);
    markup_open(page, "td", NULL);
    markup_open(page, "a", NULL);
    markup_attribute(page, "href", "#capture-%u", html->n);
    markup_string(page, file->name);
    markup_close(page);
    markup_close(page);
    markup_leaf(page, "td", "%s", sentence);
    markup_leaf(page, "td", "%s", file->status != NULL ? file->status : "unknown");
    markup_close(page);
    xmlFreeTextWriter(page);
}

void report_html_add(struct report_html *html, JsonObject *document, const struct report_file *file)
{
    enum skypefp_verdict verdict;
    char *sentence = answer(document, file, &verdict);

    html->n++;
    html->n_found += verdict >= SKYPEFP_LIKELY;
    html->n_damaged += g_strcmp0(file->status, "ok") != 0;
    put_section(html, document, file, sentence, verdict);
    put_list_row(html, file, sentence);
    g_free(sentence);
}

/* ---- the page ---- */

static void put_head(xmlTextWriterPtr page)
{
    markup_open(page, "head", NULL);
    markup_open(page, "meta", "charset", "utf-8", NULL);
    markup_close_void(page);
    markup_open(page, "meta", "name", "generator", "content", "skypefp " SKYPEFP_VERSION, NULL);
    markup_close_void(page);
    markup_open(page, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    markup_close_void(page);
    markup_leaf(page, "title", "Peer-to-peer Skype in packet captures");
    markup_leaf(page, "style", "%s", style);
    markup_close(page);
}

static void put_overview(xmlTextWriterPtr page, const struct report_html *html, bool is_complete)
{
    markup_leaf(page, "h1", "Peer-to-peer Skype in packet captures");
    if (html->n != 1) {
        markup_open(page, "p", "class", "answer", NULL);
        markup_text(
            page,
            "%u captures: peer-to-peer Skype is certain or likely in %u of them. %u could not be read to their end.",
            html->n, html->n_found, html->n_damaged);
        markup_close(page);
        markup_open(page, "table", NULL);
        markup_open(page, "thead", NULL);
        markup_row(page, "th", "Capture", "Result", "Read", NULL);
        markup_close(page);
        markup_open(page, "tbody", NULL);
        xmlTextWriterWriteRaw(page, xmlBufferContent(html->list));
        markup_close(page);
        markup_close(page);
    }
    if (!is_complete) {
        markup_leaf(page, "p", "The run was interrupted: captures are missing.");
    }
}

static void put_footer(xmlTextWriterPtr page, const char *command_line, GDateTime *now)
{
    char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");

    markup_open(page, "footer", NULL);
    markup_leaf(page, "p", "Made by skypefp %s at %s.", SKYPEFP_VERSION, time);
    if (command_line != NULL) {
        markup_open(page, "p", NULL);
        markup_text(page, "Command line: ");
        markup_leaf(page, "code", "%s", command_line);
        markup_close(page);
    }
    markup_close(page);
    g_free(time);
}

char *report_html_finish(struct report_html *html, const char *command_line, GDateTime *now, bool is_complete)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr page = open_writer(buffer);

    xmlTextWriterWriteRaw(page, (const xmlChar *)"<!DOCTYPE html>\n");
    markup_open(page, "html", "lang", "en", NULL);
    put_head(page);
    markup_open(page, "body", NULL);
    put_overview(page, html, is_complete);
    xmlTextWriterWriteRaw(page, xmlBufferContent(html->sections));
    report_html_explanations(page);
    put_footer(page, command_line, now);
    markup_close(page);
    markup_close(page);
    xmlFreeTextWriter(page);
    char *text = g_strconcat((const char *)xmlBufferContent(buffer), "\n", NULL);
    xmlBufferFree(buffer);
    return text;
}
