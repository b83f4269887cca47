/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file's name and its first bytes say about it: a capture, a text, a report of ours. */
#ifndef SKYPEFP_FILE_KIND_H
#define SKYPEFP_FILE_KIND_H

#include <glib.h>
#include <stdbool.h>

enum { SKYPEFP_HEAD_BYTES = 4096 }; /* as many bytes of a file's beginning as these functions look at, at most */

/* True for a name such as x.pcap, x.cap.3 or x.pcapng.gz, whatever its folder. */
bool skypefp_has_capture_suffix(const char *path);

enum { SKYPEFP_MAGIC_BYTES = 12 }; /* as many as show whether a file begins as pcap or pcapng */

/* True for bytes that begin as pcap (any variant) or pcapng: the formats that hold packets and nothing else. */
bool skypefp_begins_as_capture(const char *head, gsize len);

/* True for UTF-8 without control characters other than white space. The last character may continue after the bytes. */
bool skypefp_begins_as_text(const char *head, gsize len);

/* True for text that is one of this project's reports, of any format: head is how the file begins, tail
 * (NUL-terminated) how it ends; the table for people is known by its last line. */
bool skypefp_is_report(const char *head, gsize len, const char *tail);

#endif
