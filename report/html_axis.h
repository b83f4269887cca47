/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Axes of time, and shapes along them, in the drawings of the HTML page. All coordinates are whole numbers: a locale
 * must not write its own decimal point. */
#ifndef REPORT_HTML_AXIS_H
#define REPORT_HTML_AXIS_H

#include "markup.h"

#include <glib.h>

enum { AXIS_WIDTH = 1000, AXIS_LEFT = 10, AXIS_RIGHT = 990, AXIS_SPAN = AXIS_RIGHT - AXIS_LEFT };

/* The time that is drawn, in microseconds since the epoch; it ends no earlier than it begins. */
struct axis {
    gint64 begin_us, end_us;
};

/* Where a time is drawn; one outside at the nearer end. */
int axis_place(const struct axis *axis, gint64 time_us);

/* Round times: at most nine, labelled above a line each from y = top down to bottom. */
void axis_draw_ticks(xmlTextWriterPtr page, const struct axis *axis, int top, int bottom);

/* A rectangle at least 2 wide, and a text. */
void axis_draw_rectangle(xmlTextWriterPtr page, const char *class, int x, int y, int width, int height);
void axis_draw_text(xmlTextWriterPtr page, const char *anchor, int x, int y, const char *text);

#endif
