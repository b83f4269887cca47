/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of formats. */
#include "output_formats.h"

#include "merge_output.h"
#include "output_flows.h"
#include "output_html.h"
#include "output_jsonl.h"
#include "output_junit.h"
#include "output_table.h"

/* In the order of the help; the first of a command is its default. */
static const struct output_format *const formats[] = {
    &output_format_json, &output_format_table, &output_format_jsonl, &output_format_junit,
    &output_format_csv,  &output_format_zeek,  &output_format_html,
};

const struct output_format *output_format_by_name(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_strcmp0(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return NULL;
}

const struct output_format *output_format_default(unsigned command)
{
    unsigned i = 0;

    while ((formats[i]->commands & command) == 0) {
        i++;
    }
    return formats[i];
}

char *output_format_names(unsigned command)
{
    GString *names = g_string_new(NULL);
    const char *last = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        if ((formats[i]->commands & command) != 0) {
            if (last != NULL) {
                g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", last);
            }
            last = formats[i]->name;
        }
    }
    g_string_append_printf(names, " or %s", last != NULL ? last : "none");
    return g_string_free(names, FALSE);
}
