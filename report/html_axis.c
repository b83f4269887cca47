/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws axes of time. */
#include "html_axis.h"

int axis_place(const struct axis *axis, gint64 time_us)
{
    gint64 clamped = CLAMP(time_us, axis->begin_us, axis->end_us);
    double length = MAX((double)axis->end_us - (double)axis->begin_us, 1);

    return AXIS_LEFT + (int)(((double)clamped - (double)axis->begin_us) / length * (double)AXIS_SPAN);
}

void axis_draw_rectangle(xmlTextWriterPtr page, const char *class, int x, int y, int width, int height)
{
    markup_open(page, "rect", "class", class, NULL);
    markup_attribute(page, "x", "%d", x);
    markup_attribute(page, "y", "%d", y);
    markup_attribute(page, "width", "%d", MAX(width, 2));
    markup_attribute(page, "height", "%d", height);
    markup_close(page);
}

void axis_draw_text(xmlTextWriterPtr page, const char *anchor, int x, int y, const char *text)
{
    markup_open(page, "text", "text-anchor", anchor, NULL);
    markup_attribute(page, "x", "%d", x);
    markup_attribute(page, "y", "%d", y);
    markup_string(page, text);
    markup_close(page);
}

/* Seconds between ticks: eight of them, or one more. */
static gint64 tick_seconds(const struct axis *axis)
{
    static const gint64 steps[] = { 1,   2,    5,    10,    20,    30,    60,    120,    300,
                                    600, 1800, 3600, 10800, 21600, 43200, 86400, 604800, 2592000 };
    gint64 length = (axis->end_us - axis->begin_us) / G_USEC_PER_SEC;

    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (length / steps[i] <= 8) {
            return steps[i];
        }
    }
    return MAX(length / 8, 1);
}

void axis_draw_ticks(xmlTextWriterPtr page, const struct axis *axis, int top, int bottom)
{
    gint64 step = tick_seconds(axis), second = axis->begin_us / G_USEC_PER_SEC;

    for (second -= second % step; second * G_USEC_PER_SEC <= axis->end_us; second += step) {
        if (second * G_USEC_PER_SEC < axis->begin_us) {
            continue;
        }
        GDateTime *time = g_date_time_new_from_unix_utc(second);
        char *text = time != NULL ? g_date_time_format(time, step < 86400 ? "%H:%M:%S" : "%Y-%m-%d") : NULL;
        int x = axis_place(axis, second * G_USEC_PER_SEC);
        axis_draw_rectangle(page, "tick", x, top, 1, bottom - top);
        axis_draw_text(page, x > AXIS_RIGHT - 40 ? "end" : x < AXIS_LEFT + 40 ? "start" : "middle", x, top - 3, text);
        g_free(text);
        g_clear_pointer(&time, g_date_time_unref);
    }
}
