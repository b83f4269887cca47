/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells captures, texts and this project's reports apart, by names and first bytes. */
#include "file_kind.h"

#include "flow_table.h"

#include <string.h>

bool skypefp_has_capture_suffix(const char *path)
{
    static const char *const suffixes[] = { "pcap", "pcapng", "cap", "ntar", "trace", "dmp", "dump", "snoop", "erf" };
    char *base = g_path_get_basename(path);
    char **pieces = g_strsplit(base, ".", -1);
    bool found = false;

    for (unsigned i = 1; pieces[0] != NULL && pieces[i] != NULL && !found; i++) {
        for (unsigned k = 0; k < G_N_ELEMENTS(suffixes) && !found; k++) {
            found = g_ascii_strcasecmp(pieces[i], suffixes[k]) == 0;
        }
    }
    g_strfreev(pieces);
    g_free(base);
    return found;
}

bool skypefp_begins_as_capture(const char *head, gsize len)
{
    /* pcap with microseconds, with nanoseconds, and two of Alexey Kuznetzov's variants, in both byte orders. */
    static const char magics[][4] = {
        { '\xa1', '\xb2', '\xc3', '\xd4' }, { '\xd4', '\xc3', '\xb2', '\xa1' }, { '\xa1', '\xb2', '\x3c', '\x4d' },
        { '\x4d', '\x3c', '\xb2', '\xa1' }, { '\xa1', '\xb2', '\xcd', '\x34' }, { '\x34', '\xcd', '\xb2', '\xa1' },
        { '\xa1', '\xe2', '\xcb', '\x12' }, { '\x12', '\xcb', '\xe2', '\xa1' },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(magics); i++) {
        if (len >= sizeof magics[i] && memcmp(head, magics[i], sizeof magics[i]) == 0) {
            return true;
        }
    }
    /* The type of a section header block, its length, and the byte-order magic. */
    return len >= SKYPEFP_MAGIC_BYTES && memcmp(head, "\x0a\x0d\x0d\x0a", 4) == 0 &&
           (memcmp(head + 8, "\x1a\x2b\x3c\x4d", 4) == 0 || memcmp(head + 8, "\x4d\x3c\x2b\x1a", 4) == 0);
}

bool skypefp_begins_as_text(const char *head, gsize len)
{
    const char *end;
    gssize n = (gssize)MIN(len, SKYPEFP_HEAD_BYTES);

    if (!g_utf8_validate(head, n, &end) &&
        (len <= SKYPEFP_HEAD_BYTES || g_utf8_get_char_validated(end, head + n - end) != (gunichar)-2)) {
        return false;
    }
    for (const char *p = head; p < end; p = g_utf8_find_next_char(p, NULL)) {
        if (g_unichar_iscntrl(g_utf8_get_char(p)) && !g_ascii_isspace(*p)) {
            return false;
        }
    }
    return true;
}

/* By the whole line of column names: other programs write tables that begin with ts and uid. */
static bool begins_as_flow_table(const char *text)
{
    GString *header = g_string_new(NULL);

    report_csv_header(header);
    bool is_table = g_str_has_prefix(text, header->str);
    g_string_free(header, TRUE);
    return is_table;
}

bool skypefp_is_report(const char *head, gsize len, const char *tail)
{
    /* Of JSON documents and lines, JUnit files, HTML pages and Zeek logs; then of tables for people. */
    static const char *const heads[] = {
        "^\\s*\\{\\s*\"schema\"\\s*:\\s*\"skypefp-(report|merge|finding)/",
        "<testsuite name=\"skypefp-batch\"",
        "<meta name=\"generator\" content=\"skypefp",
        "^#separator (.*\\n)+#path\\tskypefp",
    };
    static const char last_line[] = "(^|\\n)\\d+ captures?(: \\d+ certain, |; endpoints: \\d+ certain, )[^\\n]*\\n$";
    char *text = g_strndup(head, MIN(len, SKYPEFP_HEAD_BYTES));
    bool is_ours = false;

    for (unsigned i = 0; i < G_N_ELEMENTS(heads) && !is_ours; i++) {
        is_ours = g_regex_match_simple(heads[i], text, G_REGEX_RAW, 0);
    }
    is_ours = is_ours || begins_as_flow_table(text) || g_regex_match_simple(last_line, tail, G_REGEX_RAW, 0);
    g_free(text);
    return is_ours && skypefp_begins_as_text(head, len);
}
