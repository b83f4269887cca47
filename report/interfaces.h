/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces that a capture's frames came from. */
#ifndef REPORT_INTERFACES_H
#define REPORT_INTERFACES_H

#include <json-glib/json-glib.h>

/* Counts of frames by interface and link type; those of one name and type are one. */
struct report_interfaces;

struct report_interfaces *report_interfaces_new(void);
void report_interfaces_free(struct report_interfaces *interfaces);

/* The frames that are counted from now on are of this interface. name: of any origin, NULL or "" when it is not in the
 * capture; link_type: for people, "Ethernet". Both are copied. At most 64 interfaces are kept apart; the frames of
 * more are not counted. */
void report_interfaces_begin(struct report_interfaces *interfaces, const char *name, const char *link_type);

/* Counts a frame of the interface that was begun last. */
void report_interfaces_count(struct report_interfaces *interfaces);

/* A row for each, by name and link type: "name" (a plain text, or null), "link_type", "frames". A new array. */
JsonArray *report_interfaces_rows(const struct report_interfaces *interfaces);

#endif
