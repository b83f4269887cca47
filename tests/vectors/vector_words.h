/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a text vector: numbers, times, endpoints, octets. Each function is false for a word that is none. */
#ifndef SKYPEFP_VECTOR_WORDS_H
#define SKYPEFP_VECTOR_WORDS_H

#include "vectors.h"

/* Words between blanks; a "text" with blanks is one word. Free with g_strfreev(). */
char **split_words(const char *line);

bool word_to_number(const char *word, int64_t *number); /* decimal, a sign is fine */
bool word_to_us(const char *word, int64_t *us);         /* seconds with up to six decimals */
bool word_to_flags(const char *word, uint8_t *flags);   /* letters of S A F R */
bool word_to_endpoint(const char *word, struct vector_endpoint *endpoint);
bool word_to_octets(const char *word, GByteArray *octets); /* appends */
bool word_to_frames(const char *word, GArray *frames);     /* "1-3,7", appends uint32_t */

#endif
