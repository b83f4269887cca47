/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathers what Wireshark knows of the open capture for its report. */
#include "report_json.h"

#include "document.h"
#include "html.h"
#include "observe.h"
#include "open_capture.h"
#include "preferences.h"

static struct report_time make_time(const nstime_t *moment)
{
    return (struct report_time){ moment->secs, moment->nsecs };
}

static JsonObject *make_document(struct listening *listening)
{
    enum skypefp_verdict threshold = (enum skypefp_verdict)skypefp_preferences.threshold;
    const skypefp_tracker *tracker = skypefp_capture_tracker();
    skypefp_summary *summary = skypefp_summarize(tracker, threshold);
    skypefp_config config = skypefp_preferences_config();
    JsonObject *document = report_make(&(struct report_facts){
        .tracker = tracker,
        .summary = summary,
        .services = listening->services,
        .config = &config,
        .threshold = threshold,
        .engine = "wireshark",
        .wireshark_version = epan_get_version(),
        .n_frames = listening->n_frames,
        .n_cut = listening->n_cut,
        .interfaces = listening->interfaces,
        .first = make_time(&listening->first),
        .last = make_time(&listening->last),
    });

    skypefp_summary_free(summary);
    return document;
}

char *skypefp_make_report(struct listening *listening)
{
    JsonObject *document = make_document(listening);
    char *text = report_document_text(document);

    json_object_unref(document);
    return text;
}

char *skypefp_make_page(struct listening *listening)
{
    JsonObject *document = make_document(listening);
    struct report_html *html = report_html_new();
    GDateTime *now = g_date_time_new_now_utc();
    struct open_capture capture = skypefp_open_capture();

    report_html_add(html, document,
                    &(struct report_file){
                        .name = capture.name != NULL ? capture.name : "The capture that was open",
                        .sha256 = capture.sha256,
                        .size = capture.size,
                    });
    skypefp_open_capture_clear(&capture);
    char *page = report_html_finish(html, NULL, now, true);
    report_html_free(html);
    g_date_time_unref(now);
    json_object_unref(document);
    return page;
}
