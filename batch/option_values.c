/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the value of one option. */
#include "option_values.h"

#include "options.h"
#include "output_formats.h"

#include <string.h>

static const char *fail_on_name(int fail_on)
{
    return fail_on == FAIL_ON_NEVER ? "never" : skypefp_verdict_name((enum skypefp_verdict)fail_on);
}

static bool G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    g_propagate_error(error, g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, values));
    va_end(values);
    return false;
}

gboolean option_read_format(const char *name, const char *value, gpointer data, GError **error)
{
    struct options *options = data;
    const struct output_format *format = output_format_by_name(value);

    (void)name;
    if (format == NULL || (format->commands & options->writes) == 0) {
        char *names = output_format_names(options->writes);
        refuse(error, "%s format \"%s\": choose %s", format == NULL ? "unknown" : "this command does not write the",
               value, names);
        g_free(names);
        return FALSE;
    }
    g_ptr_array_add(options->outputs, output_new(format));
    return TRUE;
}

gboolean option_read_path(const char *name, const char *value, gpointer data, GError **error)
{
    struct options *options = data;

    (void)name;
    if (options->outputs->len == 0) {
        g_ptr_array_add(options->outputs, output_new(NULL));
    }
    struct output *output = g_ptr_array_index(options->outputs, options->outputs->len - 1);
    if (output->path != NULL) {
        return refuse(error, "-o %s: the --format before it has a file already", value);
    }
    output->path = g_strdup(value);
    return TRUE;
}

gboolean option_read_bar(const char *name, const char *value, gpointer data, GError **error)
{
    struct options *options = data;

    (void)name;
    for (int bar = SKYPEFP_POSSIBLE; bar <= FAIL_ON_NEVER; bar++) {
        if (strcmp(value, fail_on_name(bar)) == 0) {
            options->fail_on = bar;
            return TRUE;
        }
    }
    return refuse(error, "unknown --fail-on \"%s\": choose certain, likely, possible or never", value);
}

gboolean option_read_on_damage(const char *name, const char *value, gpointer data, GError **error)
{
    static const char *const names[] = { "fail", "warn", "ignore" };
    struct options *options = data;

    (void)name;
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            options->on_damage = (enum damage_policy)i;
            return TRUE;
        }
    }
    return refuse(error, "unknown --on-damage \"%s\": choose fail, warn or ignore", value);
}

gboolean option_read_color(const char *name, const char *value, gpointer data, GError **error)
{
    struct options *options = data;

    (void)name;
    if (strcmp(value, "auto") != 0 && strcmp(value, "always") != 0 && strcmp(value, "never") != 0) {
        return refuse(error, "unknown --color \"%s\": choose auto, always or never", value);
    }
    options->always_colors = strcmp(value, "always") == 0;
    options->never_colors = strcmp(value, "never") == 0;
    return TRUE;
}

gboolean option_read_engine(const char *name, const char *value, gpointer data, GError **error)
{
    struct options *options = data;

    (void)name;
    return engine_kind_by_name(value, &options->engine) ||
           refuse(error, "unknown --engine \"%s\": choose auto, direct, lean, sharkd or tshark", value);
}
