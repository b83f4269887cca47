/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decompression step by step: gzip, Zstandard and LZ4. */
#ifndef BATCH_INFLATE_H
#define BATCH_INFLATE_H

#include <glib.h>
#include <stdbool.h>

struct inflater;

enum { INFLATE_MAGIC_LEN = 4 };

/* For people. */
#define INFLATE_FORMATS "gzip, zstd or lz4"

/* The decompressor for content that begins with some octets (at least INFLATE_MAGIC_LEN, or all there are). NULL: it
 * is not compressed, or there is no memory for it; see *is_compressed. */
struct inflater *inflater_new(const guint8 *octets, gsize n, bool *is_compressed);
void inflater_free(struct inflater *inflater);

/* Decompresses from in to out; *n_in and *n_out are the room before, and what was taken and made after. False: it is
 * damaged. */
bool inflater_step(struct inflater *inflater, const guint8 *in, gsize *n_in, guint8 *out, gsize *n_out);

/* Whether the input so far ends where compressed content may end. */
bool inflater_is_complete(const struct inflater *inflater);

#endif
