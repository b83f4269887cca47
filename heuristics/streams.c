/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"
void skypefp_stream_unref(struct stream *stream) { (void)stream; }
