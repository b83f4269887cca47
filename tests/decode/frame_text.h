/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames as text for the tests of decode/: hexadecimal digits, blanks ignored.
 *
 * Each frame is put at the end of a heap block of its own size, so that a sanitizer sees any look beyond it; and
 * each frame is also decoded cut at every octet, which must end in some outcome. */
#ifndef FRAME_TEXT_H
#define FRAME_TEXT_H

#include "decode.h"

#include <glib.h>

extern skypefp_packet last; /* the packet that was decided last */

/* Forgets the fragments so far; forget_all() at the end. */
void forget(void);
void forget_all(void);

/* The octets of a text, to be freed with g_free(); *n: how many. */
uint8_t *read_text(const char *text, uint32_t *n);

/* Decodes the first len octets of a frame; wire_len on the wire. */
enum skypefp_decoded decode_lengths(int link, const char *text, uint32_t len, uint32_t wire_len);

/* Asserts the outcome of a whole frame. expected: "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 8": captured of sent
 * octets. */
void decided(int link, const char *text, const char *expected);
void nothing(int link, const char *text);
void not_sure(int link, const char *text);

/* The same for a frame of which the last n octets were not captured. */
void decided_cut(int link, const char *text, uint32_t n, const char *expected);
void nothing_cut(int link, const char *text, uint32_t n);
void not_sure_cut(int link, const char *text, uint32_t n);

/* Asserts that three fragments on Ethernet become a datagram in any of their six orders. */
void in_any_order(const char *const parts[3], const char *expected);

#endif
