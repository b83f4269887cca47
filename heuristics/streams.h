/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP conversations. */
#ifndef SKYPEFP_STREAMS_H
#define SKYPEFP_STREAMS_H
struct stream;
void skypefp_stream_unref(struct stream *stream);
#endif
