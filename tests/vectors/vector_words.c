/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a text vector. */
#include "vector_words.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

char **split_words(const char *line)
{
    GPtrArray *words = g_ptr_array_new();

    while (*line != '\0') {
        const char *end = line;
        bool is_quoted = *line == '"';
        if (is_quoted) {
            for (end++; *end != '\0' && *end != '"'; end++) {
                end += *end == '\\' && end[1] != '\0';
            }
            end += *end == '"';
        } else {
            end += strcspn(line, " ");
        }
        g_ptr_array_add(words, g_strndup(line, (gsize)(end - line)));
        line = end + strspn(end, " ");
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

bool word_to_number(const char *word, int64_t *number)
{
    char *end;

    *number = strtoll(word, &end, 10);
    return end != word && *end == '\0';
}

bool word_to_us(const char *word, int64_t *us)
{
    char *end;
    double seconds = g_ascii_strtod(word, &end);

    *us = (int64_t)(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5));
    return end != word && *end == '\0';
}

bool word_to_flags(const char *word, uint8_t *flags)
{
    static const char letters[] = "SAFR";
    static const uint8_t bits[] = { SKYPEFP_SYN, SKYPEFP_ACK, SKYPEFP_FIN, SKYPEFP_RST };

    *flags = 0;
    for (; *word != '\0'; word++) {
        const char *letter = strchr(letters, *word);
        if (letter == NULL) {
            return false;
        }
        *flags |= bits[letter - letters];
    }
    return true;
}

bool word_to_endpoint(const char *word, struct vector_endpoint *endpoint)
{
    const char *colon = word != NULL ? strrchr(word, ':') : NULL;
    int64_t port;

    if (colon == NULL || !word_to_number(colon + 1, &port)) {
        return false;
    }
    bool is_ipv6 = word[0] == '[' && colon[-1] == ']';
    char *host = is_ipv6 ? g_strndup(word + 1, (gsize)(colon - word - 2)) : g_strndup(word, (gsize)(colon - word));

    memset(endpoint, 0, sizeof *endpoint);
    endpoint->len = is_ipv6 ? SKYPEFP_IPV6_LEN : SKYPEFP_IPV4_LEN;
    endpoint->port = (uint16_t)port;
    bool is_good = inet_pton(is_ipv6 ? AF_INET6 : AF_INET, host, endpoint->bytes) == 1;
    g_free(host);
    return is_good;
}

/* "text" with \r \n \" \\ */
static bool quoted_to_octets(const char *word, GByteArray *octets)
{
    for (const char *p = word + 1; *p != '\0' && *p != '"'; p++) {
        uint8_t octet = (uint8_t)*p;
        if (*p == '\\') {
            p++;
            octet = *p == 'r' ? '\r' : *p == 'n' ? '\n' : (uint8_t)*p;
        }
        g_byte_array_append(octets, &octet, 1);
    }
    return word[strlen(word) - 1] == '"';
}

static bool octet_at(const char *hex, uint8_t *octet)
{
    if (!g_ascii_isxdigit(hex[0]) || !g_ascii_isxdigit(hex[1])) {
        return false;
    }
    *octet = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
    return true;
}

bool word_to_octets(const char *word, GByteArray *octets)
{
    uint8_t octet;

    if (word[0] == '"') {
        return quoted_to_octets(word, octets);
    }
    while (*word != '\0') {
        if (*word == '.') {
            word++;
        } else if (!octet_at(word, &octet)) {
            return false;
        } else if (word[2] == '*') {
            char *end;
            for (unsigned long n = strtoul(word + 3, &end, 10); n > 0; n--) {
                g_byte_array_append(octets, &octet, 1);
            }
            word = end;
        } else {
            g_byte_array_append(octets, &octet, 1);
            word += 2;
        }
    }
    return true;
}

bool word_to_frames(const char *word, GArray *frames)
{
    while (*word != '\0') {
        char *end;
        uint32_t first = (uint32_t)strtoul(word, &end, 10), last = first;
        if (end == word) {
            return false;
        }
        if (*end == '-') {
            last = (uint32_t)strtoul(end + 1, &end, 10);
        }
        for (; first <= last; first++) {
            g_array_append_val(frames, first);
        }
        word = end + (*end == ',');
    }
    return true;
}
