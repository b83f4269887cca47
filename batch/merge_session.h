/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One session seen at both of its ends: contacts in different captures that name each other by public addresses.
 *
 * A client behind NAT has a private address in a capture on its side, and its public one in a capture on the other.
 * Skype's acks and NAKs carry the receiver's public address, and reports list it as public_address. Two contacts are
 * one session when their pairs of public addresses are the same, no end is seen inside its NAT in both, at least one
 * is in one of them, and their times overlap. When several fit, the ports decide; when they do not, nothing is
 * matched. */
#ifndef BATCH_MERGE_SESSION_H
#define BATCH_MERGE_SESSION_H

#include "merge_time.h"

/* An end of a contact as a capture shows it. */
struct session_end {
    const char *address;
    int port;
    const char *public_address; /* the same where the address is global */
};

/* A contact in one capture; ends[0].public_address sorts before ends[1].public_address. Texts are of the record. */
struct session_view {
    guint capture;
    struct session_end ends[2];
    struct span span;
};

struct merged_session {
    struct session_view views[2]; /* the same ends in the same order; the earlier capture first */
    bool has_same_ports;          /* no NAT changed a port */
};

/* The sessions in capture records, which stay alive, by capture and time: struct merged_session. */
GArray *merge_sessions(GPtrArray *records);

#endif
