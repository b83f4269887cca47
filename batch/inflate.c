/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decompresses gzip through zlib, Zstandard, and LZ4 frames. */
#include "inflate.h"

#include <lz4frame.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

struct inflater {
    z_stream gzip;
    ZSTD_DStream *zstd; /* NULL: it is gzip or LZ4 */
    LZ4F_dctx *lz4;     /* NULL: it is gzip or Zstandard */
    bool is_complete;
};

static struct inflater *new_gzip(void)
{
    enum { GZIP_ONLY = 16 };
    struct inflater *inflater = g_new0(struct inflater, 1);

    if (inflateInit2(&inflater->gzip, GZIP_ONLY + MAX_WBITS) != Z_OK) {
        g_clear_pointer(&inflater, g_free);
    }
    return inflater;
}

static struct inflater *new_zstd(void)
{
    struct inflater *inflater = g_new0(struct inflater, 1);

    inflater->zstd = ZSTD_createDStream();
    if (inflater->zstd == NULL) {
        g_clear_pointer(&inflater, g_free);
    }
    return inflater;
}

static struct inflater *new_lz4(void)
{
    struct inflater *inflater = g_new0(struct inflater, 1);

    if (LZ4F_isError(LZ4F_createDecompressionContext(&inflater->lz4, LZ4F_VERSION))) {
        g_clear_pointer(&inflater, g_free);
    }
    return inflater;
}

struct inflater *inflater_new(const guint8 *octets, gsize n, bool *is_compressed)
{
    static const guint8 gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd },
                        lz4[] = { 0x04, 0x22, 0x4d, 0x18 };

    *is_compressed = true;
    if (n >= sizeof gzip && memcmp(octets, gzip, sizeof gzip) == 0) {
        return new_gzip();
    }
    if (n >= sizeof zstd && memcmp(octets, zstd, sizeof zstd) == 0) {
        return new_zstd();
    }
    *is_compressed = n >= sizeof lz4 && memcmp(octets, lz4, sizeof lz4) == 0;
    return *is_compressed ? new_lz4() : NULL;
}

void inflater_free(struct inflater *inflater)
{
    if (inflater != NULL) {
        if (inflater->zstd != NULL) {
            ZSTD_freeDStream(inflater->zstd);
        } else if (inflater->lz4 != NULL) {
            LZ4F_freeDecompressionContext(inflater->lz4);
        } else {
            inflateEnd(&inflater->gzip);
        }
        g_free(inflater);
    }
}

/* A file of gzip may hold several members, one after the other. */
static bool step_gzip(struct inflater *inflater, const guint8 *in, gsize *n_in, guint8 *out, gsize *n_out)
{
    z_stream *gzip = &inflater->gzip;
    uInt room_in = (uInt)MIN(*n_in, G_MAXUINT), room_out = (uInt)MIN(*n_out, G_MAXUINT);

    if (inflater->is_complete && inflateReset(gzip) != Z_OK) {
        return false;
    }
    gzip->next_in = (z_const Bytef *)(guintptr)in;
    gzip->avail_in = room_in;
    gzip->next_out = out;
    gzip->avail_out = room_out;
    int code = inflate(gzip, Z_NO_FLUSH);
    inflater->is_complete = code == Z_STREAM_END;
    *n_in = room_in - gzip->avail_in;
    *n_out = room_out - gzip->avail_out;
    return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR;
}

static bool step_zstd(struct inflater *inflater, const guint8 *in, gsize *n_in, guint8 *out, gsize *n_out)
{
    ZSTD_inBuffer input = { in, *n_in, 0 };
    ZSTD_outBuffer output = { out, *n_out, 0 };
    size_t code = ZSTD_decompressStream(inflater->zstd, &output, &input);

    inflater->is_complete = code == 0;
    *n_in = input.pos;
    *n_out = output.pos;
    return !ZSTD_isError(code);
}

static bool step_lz4(struct inflater *inflater, const guint8 *in, gsize *n_in, guint8 *out, gsize *n_out)
{
    size_t code = LZ4F_decompress(inflater->lz4, out, n_out, in, n_in, NULL);

    inflater->is_complete = code == 0;
    return !LZ4F_isError(code);
}

bool inflater_step(struct inflater *inflater, const guint8 *in, gsize *n_in, guint8 *out, gsize *n_out)
{
    return inflater->zstd != NULL  ? step_zstd(inflater, in, n_in, out, n_out)
           : inflater->lz4 != NULL ? step_lz4(inflater, in, n_in, out, n_out)
                                   : step_gzip(inflater, in, n_in, out, n_out);
}

bool inflater_is_complete(const struct inflater *inflater)
{
    return inflater->is_complete;
}
