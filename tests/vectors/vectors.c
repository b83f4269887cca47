/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses text vectors; the format is in vectors.h. */
#include "vectors.h"

#include "vector_parser.h"

#include <string.h>

enum { FIRST_SEQUENCE = 1000, DEFAULT_GAP_US = 10000 };

bool fail(struct parser *parser, const char *problem, const char *word)
{
    if (parser->error == NULL) {
        parser->error =
            g_strdup_printf("%s:%u: %s: %s", parser->path, parser->line, problem, word != NULL ? word : "(nothing)");
    }
    return false;
}

skypefp_address vector_address(const struct vector_endpoint *endpoint)
{
    return (skypefp_address){ endpoint->bytes, endpoint->len, endpoint->port, 0 };
}

bool find_endpoint(struct parser *parser, const char *word, struct vector_endpoint *endpoint)
{
    const struct vector_endpoint *named = word != NULL ? g_hash_table_lookup(parser->names, word) : NULL;

    if (named != NULL) {
        *endpoint = *named;
        return true;
    }
    return word_to_endpoint(word, endpoint) || fail(parser, "no endpoint", word);
}

static void begin_case(struct parser *parser, const char *name)
{
    parser->last = vector_case_new(parser->line, name);
    parser->packet = NULL;
    g_ptr_array_add(parser->cases, parser->last);
}

/* ---- packets ---- */

/* Where one side of a conversation stands. */
struct sequence {
    uint32_t base, next;
};

static struct sequence *find_sequence(struct vector_case *in, const char *from, const char *to)
{
    char *key = g_strconcat(from, ">", to, NULL);
    struct sequence *found = g_hash_table_lookup(in->directions, key);

    if (found == NULL) {
        found = g_new(struct sequence, 1);
        *found = (struct sequence){ FIRST_SEQUENCE + 1, FIRST_SEQUENCE + 1 };
        g_hash_table_insert(in->directions, g_strdup(key), found);
    }
    g_free(key);
    return found;
}

/* What the options of a packet line say. */
struct options {
    int64_t time_us, wire_len, seq, ack, at, vlan, tunnels;
    uint8_t flags;
};

static bool parse_option(struct parser *parser, const char *word, struct options *options)
{
    const char *value = strchr(word, '=');
    bool is_good =
        value != NULL && ((g_str_has_prefix(word, "t=") && word_to_us(value + 1, &options->time_us)) ||
                          (g_str_has_prefix(word, "wire=") && word_to_number(value + 1, &options->wire_len)) ||
                          (g_str_has_prefix(word, "seq=") && word_to_number(value + 1, &options->seq)) ||
                          (g_str_has_prefix(word, "ack=") && word_to_number(value + 1, &options->ack)) ||
                          (g_str_has_prefix(word, "vlan=") && word_to_number(value + 1, &options->vlan)) ||
                          (g_str_has_prefix(word, "tunnels=") && word_to_number(value + 1, &options->tunnels)) ||
                          (g_str_has_prefix(word, "at=") && word_to_number(value + 1, &options->at)) ||
                          (g_str_has_prefix(word, "flags=") && word_to_flags(value + 1, &options->flags)));

    return is_good || fail(parser, "no option", word);
}

static void number_segment(struct vector_case *in, char **words, const struct options *options, skypefp_packet *packet)
{
    struct sequence *own = find_sequence(in, words[2], words[4]), *other = find_sequence(in, words[4], words[2]);
    bool is_syn = options->flags & SKYPEFP_SYN;

    if (is_syn) {
        packet->tcp_seq = options->seq != NOT_TOLD ? (uint32_t)options->seq : FIRST_SEQUENCE;
        own->base = own->next = packet->tcp_seq + 1;
    } else {
        packet->tcp_seq = options->seq != NOT_TOLD  ? (uint32_t)options->seq
                          : options->at != NOT_TOLD ? own->base + (uint32_t)options->at
                                                    : own->next;
    }
    packet->tcp_flags = options->flags;
    packet->tcp_ack = options->ack != NOT_TOLD ? (uint32_t)options->ack : other->next;
    uint32_t next = packet->tcp_seq + is_syn + packet->wire_len + !!(options->flags & SKYPEFP_FIN);
    if ((int32_t)(next - own->next) > 0) {
        own->next = next;
    }
}

/* udp|tcp FRAME SRC > DST [option…] [: payload…] */
static bool parse_packet(struct parser *parser, char **words)
{
    struct options options = { parser->last->now_us, NOT_TOLD, NOT_TOLD, NOT_TOLD, NOT_TOLD, 0, 0, SKYPEFP_ACK };
    int64_t frame;
    char **word = words + 5;

    if (g_strv_length(words) < 5 || !word_to_number(words[1], &frame) || strcmp(words[3], ">") != 0) {
        return fail(parser, "no packet", words[0]);
    }
    struct vector_packet *fresh = parser->packet = vector_case_add_packet(parser->last, parser->line);
    if (!find_endpoint(parser, words[2], &fresh->src) || !find_endpoint(parser, words[4], &fresh->dst)) {
        return false;
    }
    for (; *word != NULL && strcmp(*word, ":") != 0; word++) {
        if (!parse_option(parser, *word, &options)) {
            return false;
        }
    }
    for (word += *word != NULL; *word != NULL; word++) {
        if (!word_to_octets(*word, fresh->payload)) {
            return fail(parser, "no octets", *word);
        }
    }
    fresh->packet = (skypefp_packet){
        .frame = (uint32_t)frame,
        .transport = strcmp(words[0], "udp") == 0 ? SKYPEFP_UDP : SKYPEFP_TCP,
        .time_us = options.time_us,
        .src = vector_address(&fresh->src),
        .dst = vector_address(&fresh->dst),
        .scope = (uint32_t)options.tunnels << 16 | (uint32_t)options.vlan,
        .len = fresh->payload->len,
        .wire_len = options.wire_len != NOT_TOLD ? (uint32_t)options.wire_len : fresh->payload->len,
    };
    if (fresh->packet.transport == SKYPEFP_TCP) {
        number_segment(parser->last, words, &options, &fresh->packet);
    }
    parser->last->now_us = options.time_us + DEFAULT_GAP_US;
    return true;
}

/* open FRAME SRC > DST: the SYN and, in the next frame, the SYN with an ACK. */
static bool parse_open(struct parser *parser, char **words)
{
    char *frames[] = { words[1], NULL };
    int64_t frame;

    if (g_strv_length(words) != 5 || !word_to_number(words[1], &frame)) {
        return fail(parser, "open FRAME SRC > DST is wanted", words[1]);
    }
    frames[1] = g_strdup_printf("%" G_GINT64_FORMAT, frame + 1);
    char tcp[] = "tcp", syn_flag[] = "flags=S", answer_flags[] = "flags=SA";
    char *syn[] = { tcp, frames[0], words[2], words[3], words[4], syn_flag, NULL };
    char *answer[] = { tcp, frames[1], words[4], words[3], words[2], answer_flags, NULL };
    bool is_good = parse_packet(parser, syn) && parse_packet(parser, answer);
    g_free(frames[1]);
    return is_good;
}

static bool parse_name(struct parser *parser, char **words)
{
    struct vector_endpoint endpoint;

    if (g_strv_length(words) != 3 || !word_to_endpoint(words[2], &endpoint)) {
        return fail(parser, "name NAME ADDRESS:PORT is wanted", words[1]);
    }
    g_hash_table_replace(parser->names, g_strdup(words[1]), g_memdup2(&endpoint, sizeof endpoint));
    return true;
}

/* A line of a case, after its first two. */
static bool parse_in_case(struct parser *parser, char **words, const char *rest)
{
    bool needs_packet =
        strcmp(words[0], "fires") == 0 || strcmp(words[0], "links") == 0 || strcmp(words[0], "unjudged") == 0;

    if (parser->last == NULL || parser->last->source == NULL || (needs_packet && parser->packet == NULL)) {
        return fail(parser, "a case, its source and a packet come first", words[0]);
    }
    if (strcmp(words[0], "udp") == 0 || strcmp(words[0], "tcp") == 0) {
        return parse_packet(parser, words);
    }
    if (strcmp(words[0], "open") == 0) {
        return parse_open(parser, words);
    }
    if (strcmp(words[0], "fires") == 0) {
        return parse_fires(parser, rest);
    }
    if (strcmp(words[0], "links") == 0) {
        return parse_links(parser, words);
    }
    if (strcmp(words[0], "unjudged") == 0 && parser->packet != NULL) {
        parser->packet->unjudged = g_strdup(rest);
        return true;
    }
    if (strcmp(words[0], "marked") == 0) {
        return word_to_frames(rest, parser->last->marked) || fail(parser, "no frames", rest);
    }
    if (strcmp(words[0], "endpoint") == 0 || strcmp(words[0], "initiator") == 0) {
        return parse_standing(parser, words);
    }
    if (strcmp(words[0], "host") == 0) {
        return parse_host(parser, words);
    }
    if (strcmp(words[0], "nothing") == 0) {
        parser->last->says_nothing = true;
        return true;
    }
    return fail(parser, "unknown line", words[0]);
}

static bool parse_line(struct parser *parser, char *line)
{
    char *text = g_strstrip(line);
    const char *blank = strchr(text, ' ');
    const char *rest = blank != NULL ? blank + 1 : "";
    bool is_good = true;

    if (text[0] == '\0' || text[0] == '#') {
        return true;
    }
    char **words = split_words(text);
    if (strcmp(words[0], "name") == 0) {
        is_good = parse_name(parser, words);
    } else if (strcmp(words[0], "case") == 0) {
        begin_case(parser, rest);
    } else if (strcmp(words[0], "source") == 0 && parser->last != NULL) {
        parser->last->source = g_strdup(rest);
    } else {
        is_good = parse_in_case(parser, words, rest);
    }
    g_strfreev(words);
    return is_good;
}

GPtrArray *vectors_parse(const char *path, char **error)
{
    struct parser parser = { .path = path, .cases = g_ptr_array_new_with_free_func(vector_case_free) };
    char *text;

    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        *error = g_strdup_printf("%s:0: cannot be read", path);
        return NULL;
    }
    parser.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL && parser.error == NULL; line++) {
        parser.line++;
        parse_line(&parser, *line);
    }
    g_strfreev(lines);
    g_free(text);
    g_hash_table_destroy(parser.names);
    if (parser.error == NULL && parser.cases->len == 0) {
        fail(&parser, "no case", path);
    }
    *error = parser.error;
    if (parser.error != NULL) {
        g_ptr_array_free(parser.cases, TRUE);
        return NULL;
    }
    return parser.cases;
}
