/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is made from. */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "interfaces.h"
#include "services.h"
#include "summary.h"

/* At most so many rows of each kind are listed: a forged capture shall not fill the memory of its readers. */
enum { REPORT_MAX_LISTED = 20000 };

/* A capture time as the file gives it; whether it is a time at all is judged when it is printed. */
struct report_time {
    int64_t seconds;     /* since the epoch */
    int64_t nanoseconds; /* 0 to 999,999,999 in a sound file */
};

/* Everything a report is made from. All of it is borrowed for the call. */
struct report_facts {
    const skypefp_tracker *tracker;   /* NULL: nothing was observed */
    const skypefp_summary *summary;   /* of that tracker, with that threshold */
    const skypefp_services *services; /* that observed the same packets; NULL: every service is unknown */
    const skypefp_config *config;     /* the tracker's */
    enum skypefp_verdict threshold;
    const char *wireshark_version;              /* "4.0.17"; NULL: the capture was decided without Wireshark */
    const char *engine;                         /* what decided the capture: "wireshark", "direct" */
    uint32_t n_frames;                          /* in the capture, regardless of what they hold */
    uint32_t n_cut;                             /* of them, those of which not everything was captured */
    struct report_time first, last;             /* the earliest and the latest; meaningful with n_frames > 0 */
    const struct report_interfaces *interfaces; /* that they came from; NULL: none is known */
};

#endif
