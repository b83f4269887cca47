/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The HTML page: its frame, and the list of captures. */
#include "html.h"

#include "html_capture.h"
#include "html_explanations.h"
#include "html_style.h"
#include "skypefp_version.h"

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

static void put_section(struct report_html *html, JsonObject *document, const struct report_file *file,
                        const char *sentence, enum skypefp_verdict verdict)
{
    xmlTextWriterPtr page = open_writer(html->sections);

    markup_open(page, "section", "class", "capture", NULL);
    markup_attribute(page, "id", "capture-%u", html->n);
    report_html_capture(page, document, file, sentence, verdict);
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
    char *sentence = report_html_answer(document, file, &verdict);

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
    markup_leaf(page, "style", "%s", report_html_style);
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
