/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colors of terminals. */
#include "style.h"

#include <glib.h>
#include <unistd.h>

bool style_wants_color(void)
{
    const char *no_color = g_getenv("NO_COLOR");

    return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

const char *style_begin(struct style style, enum skypefp_verdict verdict)
{
    static const char *const colors[] = { "", "\033[33m", "\033[31m", "\033[1;31m" }; /* yellow, red, bold red */

    return style.has_color ? colors[verdict] : "";
}

const char *style_end(struct style style)
{
    return style.has_color ? "\033[0m" : "";
}
