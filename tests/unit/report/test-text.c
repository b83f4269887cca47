/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as text: before 1970, and as far off as a capture can claim. */
#include "text.h"

#include <glib.h>

static void check(int64_t time_us, const char *expected)
{
    char *text = report_us_text(time_us);

    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

int main(void)
{
    check(0, "1970-01-01T00:00:00.000000Z");
    check(1, "1970-01-01T00:00:00.000001Z");
    check(-1, "1969-12-31T23:59:59.999999Z");
    check(-1000000, "1969-12-31T23:59:59.000000Z");
    check(INT64_MIN, NULL);
    check(INT64_MAX, NULL);
    return 0;
}
