/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathers what Wireshark knows of the open capture for its report. */
#include "report_json.h"

#include "document.h"
#include "observe.h"
#include "preferences.h"

static struct report_time make_time(const nstime_t *moment)
{
    return (struct report_time){ moment->secs, moment->nsecs };
}

char *skypefp_make_report(const struct listening *listening)
{
    enum skypefp_verdict threshold = (enum skypefp_verdict)skypefp_preferences.threshold;
    const skypefp_tracker *tracker = skypefp_capture_tracker();
    skypefp_summary *summary = skypefp_summarize(tracker, threshold);
    skypefp_config config = skypefp_preferences_config();
    char *text = report_make_text(&(struct report_facts){
        .tracker = tracker,
        .summary = summary,
        .services = listening->services,
        .config = &config,
        .threshold = threshold,
        .engine = "wireshark",
        .wireshark_version = epan_get_version(),
        .n_frames = listening->n_frames,
        .first = make_time(&listening->first),
        .last = make_time(&listening->last),
    });

    skypefp_summary_free(summary);
    return text;
}
