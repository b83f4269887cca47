/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escapes names and blanks out what is not plain text. */
#include "plain_text.h"

/* U+FDD0 to U+FDEF and the last two of each plane, which are never characters. XML forbids U+FFFE and U+FFFF. */
static bool is_noncharacter(gunichar character)
{
    return (character >= 0xfdd0 && character <= 0xfdef) || (character & 0xfffe) == 0xfffe;
}

bool skypefp_is_plain_character(gunichar character)
{
    if (is_noncharacter(character)) {
        return false;
    }
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
        return false;
    default:
        return true;
    }
}

bool skypefp_is_plain(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (!skypefp_is_plain_character(g_utf8_get_char(p))) {
            return false;
        }
    }
    return true;
}

char *skypefp_escape_name(const char *path, bool *is_escaped)
{
    bool is_plain = skypefp_is_plain(path);

    if (is_escaped != NULL) {
        *is_escaped = !is_plain;
    }
    return is_plain ? g_strdup(path) : g_uri_escape_string(path, "/ !\"#$&'()*+,:;<=>?@[\\]^`{|}", FALSE);
}

char *skypefp_make_plain(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    GString *plain = g_string_new(NULL);

    for (const char *p = valid; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        gunichar character = g_utf8_get_char(p);
        g_string_append_unichar(plain, skypefp_is_plain_character(character) ? character : ' ');
    }
    g_free(valid);
    return g_string_free(plain, FALSE);
}
