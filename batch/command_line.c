/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line as words, before and after options are made of them. */
#include "command_line.h"

#include <stdbool.h>
#include <string.h>

/* Whether a word is an option with a value: "--jobs", or "-j" and what may follow it. */
static bool takes_value(const GArray *entries, const char *word)
{
    for (guint i = 0; i < entries->len; i++) {
        const GOptionEntry *entry = &g_array_index(entries, GOptionEntry, i);
        bool is_long = g_str_has_prefix(word, "--") && strcmp(word + 2, entry->long_name) == 0;
        bool is_short = word[0] == '-' && word[1] != '\0' && word[1] == entry->short_name;
        if (entry->arg != G_OPTION_ARG_NONE && (is_long || is_short)) {
            return true;
        }
    }
    return false;
}

char **command_line_split(const GArray *entries, int argc, char **argv)
{
    GPtrArray *words = g_ptr_array_new();
    bool is_value = false, is_over = false;

    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        is_over = is_over || (!is_value && strcmp(word, "--") == 0);
        bool is_option = !is_value && !is_over && takes_value(entries, word);
        bool is_joined = is_option && word[1] != '-' && word[2] != '\0';
        if (is_joined) {
            g_ptr_array_add(words, g_strndup(word, 2));
        }
        g_ptr_array_add(words, g_strdup(is_joined ? word + 2 : word));
        is_value = is_option && !is_joined;
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

char *command_line_quote(int argc, char **argv)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < argc; i++) {
        bool is_simple =
            argv[i][0] != '\0' && argv[i][strspn(argv[i], G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-./=,+:")] == '\0';
        char *word = is_simple ? g_strdup(argv[i]) : g_shell_quote(argv[i]);
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", word);
        g_free(word);
    }
    return g_string_free(text, FALSE);
}
