/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --follow: a capture that comes through a pipe while it is made. A line for each endpoint as soon as it is likely,
 * and again when it is certain; at the end of the pipe, or at a signal, the document on all of it.
 *
 * Memory is bounded however long it takes: that of the tracker is, and what was printed is forgotten, oldest first. */
#ifndef BATCH_FOLLOW_H
#define BATCH_FOLLOW_H

#include "reporting.h"

enum {
    FOLLOW_MAX_KNOWN = 65536,     /* endpoints that were printed and are remembered; beyond, one may be printed again */
    FOLLOW_MAX_FINDINGS = 100000, /* datagrams with findings in memory, a tenth of the default: no later pass asks */
};

/* Reads standard input to its end, until a signal comes, or until every output is a closed pipe. What only Wireshark
 * can decide is passed over and counted; the capture's status says so. */
void follow_stdin(struct reporting *reporting, struct capture *capture);

#endif
