/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses what a text vector expects; the format is in vectors.h. */
#include "vector_parser.h"

#include <string.h>

static bool find_rule(struct parser *parser, const char *key, unsigned *rule)
{
    for (*rule = 0; *rule < skypefp_n_rules(); ++*rule) {
        if (strcmp(skypefp_rule_at(*rule)->key, key) == 0) {
            return true;
        }
    }
    return fail(parser, "no rule", key);
}

/* RULE BITS [@FRAME] [+DETAIL], the words of one item. */
static bool parse_evidence(struct parser *parser, char **words)
{
    struct vector_evidence evidence = { .related_frame = NOT_TOLD, .detail = NOT_TOLD };
    int64_t bits;

    if (words[0] == NULL || words[1] == NULL || !find_rule(parser, words[0], &evidence.rule) ||
        !word_to_number(words[1], &bits)) {
        return fail(parser, "RULE BITS [@FRAME] [+DETAIL] is wanted", words[0]);
    }
    for (char **word = words + 2; *word != NULL; word++) {
        int64_t *number = (*word)[0] == '@' ? &evidence.related_frame : &evidence.detail;
        if (strchr("@+", (*word)[0]) == NULL || !word_to_number(*word + 1, number)) {
            return fail(parser, "no @FRAME or +DETAIL", *word);
        }
    }
    evidence.bits = (unsigned)bits;
    g_array_append_val(parser->packet->fires, evidence);
    return true;
}

bool parse_fires(struct parser *parser, const char *text)
{
    char **items = g_strsplit(text, ",", -1);
    bool is_good = true;

    for (char **item = items; *item != NULL && is_good; item++) {
        char **words = split_words(g_strstrip(*item));
        is_good = parse_evidence(parser, words);
        g_strfreev(words);
    }
    g_strfreev(items);
    return is_good;
}

bool parse_links(struct parser *parser, char **words)
{
    static const char *const names[] = { "request=", "reply=", "nak=", "resend=" };
    uint32_t *fields[] = { &parser->packet->request, &parser->packet->reply, &parser->packet->nak,
                           &parser->packet->resend };

    parser->packet->has_links = true;
    for (char **word = words + 1; *word != NULL; word++) {
        int64_t frame;
        unsigned i = 0;
        while (i < G_N_ELEMENTS(names) && !g_str_has_prefix(*word, names[i])) {
            i++;
        }
        if (i == G_N_ELEMENTS(names) || !word_to_number(*word + strlen(names[i]), &frame)) {
            return fail(parser, "no link", *word);
        }
        *fields[i] = (uint32_t)frame;
    }
    return true;
}

/* NAME VERDICT BITS [associated], or of an initiator NAME VERDICT BITS [host] */
bool parse_standing(struct parser *parser, char **words)
{
    unsigned n = g_strv_length(words);
    bool is_initiator = strcmp(words[0], "initiator") == 0;
    int64_t bits;

    if (n < 4 || n > 5 || !word_to_number(words[3], &bits) ||
        (n == 5 && strcmp(words[4], is_initiator ? "host" : "associated") != 0)) {
        return fail(parser, "endpoint NAME VERDICT BITS [associated], or initiator NAME VERDICT BITS [host] is wanted",
                    words[1]);
    }
    struct vector_standing *fresh = g_new0(struct vector_standing, 1);
    fresh->line = parser->line;
    fresh->verdict = g_strdup(words[2]);
    fresh->bits = (int)bits;
    fresh->associated = n == 5 && !is_initiator;
    fresh->on_proven_host = n == 5 && is_initiator;
    fresh->is_initiator = is_initiator;
    g_ptr_array_add(parser->last->standings, fresh);
    return find_endpoint(parser, words[1], &fresh->endpoint);
}

bool parse_host(struct parser *parser, char **words)
{
    struct vector_host host = { .len = 0 };
    struct vector_endpoint endpoint;
    int64_t frame;
    char *with_port =
        words[1] == NULL ? NULL : g_strdup_printf(strchr(words[1], ':') != NULL ? "[%s]:0" : "%s:0", words[1]);
    bool is_good = with_port != NULL && word_to_endpoint(with_port, &endpoint) && words[2] != NULL &&
                   word_to_number(words[2], &frame);

    g_free(with_port);
    if (!is_good) {
        return fail(parser, "host ADDRESS FRAME is wanted", words[1]);
    }
    memcpy(host.bytes, endpoint.bytes, sizeof host.bytes);
    host.len = endpoint.len;
    host.frame = (uint32_t)frame;
    g_array_append_val(parser->last->hosts, host);
    return true;
}
