/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the statistics need of the command line. */
#include "command_line.h"

#include <wsutil/report_message.h>

bool skypefp_is_tshark(void)
{
    return g_strcmp0(g_get_prgname(), "tshark") == 0;
}

const char *skypefp_option_tail(const char *argument, const char *name)
{
    const char *tail = argument + strlen(name);

    return tail[0] == '\0' ? tail : tail[0] == ',' ? tail + 1 : NULL;
}

void skypefp_refuse(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    report_failure("%s", text);
    g_free(text);
    if (skypefp_is_tshark()) {
        exit(1);
    }
}
