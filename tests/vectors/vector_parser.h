/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser of text vectors, for the files that parse one kind of line each. */
#ifndef SKYPEFP_VECTOR_PARSER_H
#define SKYPEFP_VECTOR_PARSER_H

#include "vector_words.h"

struct parser {
    const char *path;
    unsigned line;
    char *error;       /* the first one; NULL: none */
    GHashTable *names; /* char * -> struct vector_endpoint * */
    GPtrArray *cases;
    struct vector_case *last;     /* NULL before the first */
    struct vector_packet *packet; /* the last one of the case */
};

/* Notes a problem with a word; always false. */
bool fail(struct parser *parser, const char *problem, const char *word);

/* An endpoint by its name or its address and port. */
bool find_endpoint(struct parser *parser, const char *word, struct vector_endpoint *endpoint);

/* The text of a "fires" line; about parser->packet. */
bool parse_fires(struct parser *parser, const char *text);

/* Lines that begin with words[0]; "links" is about parser->packet. */
bool parse_links(struct parser *parser, char **words);
bool parse_standing(struct parser *parser, char **words);
bool parse_host(struct parser *parser, char **words);

#endif
