/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that a terminal, or a person who reads them there, takes for what they are. */
#ifndef SKYPEFP_PLAIN_TEXT_H
#define SKYPEFP_PLAIN_TEXT_H

#include <glib.h>
#include <stdbool.h>

/* Whether a character stands for itself: not a control character (those of 8 bits included), a line separator, a
 * noncharacter such as U+FFFE, which XML cannot hold, or an invisible format character. The last turn the direction of
 * writing, U+202E for example, so that a name reads as another one. */
bool skypefp_is_plain_character(gunichar character);

/* Whether a text (NUL-terminated) is UTF-8 of plain characters alone. */
bool skypefp_is_plain(const char *text);

/* A file name for reports and messages, to be freed: itself if plain; else with %XX for each byte of "%" and of all
 * that is not ASCII and printable, and *is_escaped true (NULL: not wanted). */
char *skypefp_escape_name(const char *path, bool *is_escaped);

/* UTF-8 with a blank for each character that is not plain; to be freed. */
char *skypefp_make_plain(const char *text);

#endif
