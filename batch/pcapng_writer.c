/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes pcapng (draft-ietf-opsawg-pcapng). All numbers are little endian, all parts are padded to four octets.
 *
 *   block      type(4)  length(4)  body  options  length(4)
 *   option     code(2)  length(2)  value
 *   section    0A0D0D0A   body: 1A2B3C4D  version(2, 2)  length of the section(8), -1: unknown
 *   interface  1          body: link type(2)  00 00  longest packet(4), 0: no limit
 *   packet     6          body: interface(4)  time, high half first(4, 4)  captured(4)  on the wire(4)  octets
 */
#include "pcapng_writer.h"

#include <string.h>

enum {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    PACKET = 6,
    ORDER_MARK = 0x1a2b3c4d,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_PROGRAM = 4,
    OPTION_RESOLUTION = 9,
    NANOSECONDS = 9,
};

static void add16(GByteArray *block, guint16 value)
{
    guint16 octets = GUINT16_TO_LE(value);

    g_byte_array_append(block, (const guint8 *)&octets, sizeof octets);
}

static void add32(GByteArray *block, guint32 value)
{
    guint32 octets = GUINT32_TO_LE(value);

    g_byte_array_append(block, (const guint8 *)&octets, sizeof octets);
}

static void add_padded(GByteArray *block, const guint8 *octets, guint n)
{
    static const guint8 zeros[3];

    if (n > 0) {
        g_byte_array_append(block, octets, n);
    }
    g_byte_array_append(block, zeros, (4 - n % 4) % 4);
}

/* An option; a text is cut to what its length can say, between characters. */
static void add_option(GByteArray *block, guint16 code, const char *value, gsize n)
{
    while (n > G_MAXUINT16 || (n < strlen(value) && (value[n] & 0xc0) == 0x80)) {
        n = MIN(n - 1, G_MAXUINT16);
    }
    add16(block, code);
    add16(block, (guint16)n);
    add_padded(block, (const guint8 *)value, (guint)n);
}

static GByteArray *begin_block(guint32 type)
{
    GByteArray *block = g_byte_array_new();

    add32(block, type);
    add32(block, 0); /* its length, at the end */
    return block;
}

static void write_block(FILE *file, GByteArray *block)
{
    add16(block, OPTION_END);
    add16(block, 0);
    add32(block, block->len + 4);
    memcpy(block->data + 4, block->data + block->len - 4, 4);
    fwrite(block->data, 1, block->len, file);
    g_byte_array_unref(block);
}

void pcapng_write_section(FILE *file, const char *comment, const char *program)
{
    GByteArray *block = begin_block(SECTION);

    add32(block, ORDER_MARK);
    add16(block, 1);
    add16(block, 0);
    add32(block, G_MAXUINT32);
    add32(block, G_MAXUINT32);
    add_option(block, OPTION_COMMENT, comment, strlen(comment));
    add_option(block, OPTION_PROGRAM, program, strlen(program));
    write_block(file, block);
}

void pcapng_write_interface(FILE *file, guint16 link)
{
    static const char resolution[] = { NANOSECONDS, '\0' };
    GByteArray *block = begin_block(INTERFACE);

    add16(block, link);
    add16(block, 0);
    add32(block, 0);
    add_option(block, OPTION_RESOLUTION, resolution, 1);
    write_block(file, block);
}

void pcapng_write_packet(FILE *file, guint32 interface, guint64 time_ns, const guint8 *octets, guint32 len,
                         guint32 wire_len, const char *comment)
{
    GByteArray *block = begin_block(PACKET);

    add32(block, interface);
    add32(block, (guint32)(time_ns >> 32));
    add32(block, (guint32)time_ns);
    add32(block, len);
    add32(block, wire_len);
    add_padded(block, octets, len);
    if (comment != NULL) {
        add_option(block, OPTION_COMMENT, comment, strlen(comment));
    }
    write_block(file, block);
}
