/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The classic format, versions 2.0 and later:
 *   0..3: magic number, which shows the byte order   4..7: version   8..15: unused   16..19: snapshot length
 *   20..23: link type in the low 16 bits; length of a checksum
 * and records:
 *   0..3: seconds   4..7: their fraction   8..11: captured length   12..15: length on the wire
 *   in some variants 4 to 12 octets more, and the frame */
#include "classic.h"

#include "link_type.h"

#include <string.h>

enum {
    FILE_LEN = 24,
    AT_MAJOR = 4,
    AT_MINOR = 6,
    AT_SNAPLEN = 16,
    AT_LINK = 20,
    RECORD_LEN = 16,
    AT_FRACTION = 4,
    AT_CAPTURED = 8,
    AT_ON_WIRE = 12,
    MICROSECONDS = 1000000,
};

struct record {
    guint32 seconds, fraction, captured, on_wire;
};

static guint32 read_u32(const struct classic *classic, const guint8 *at)
{
    guint32 value;

    memcpy(&value, at, sizeof value);
    return classic->is_swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

static guint16 read_u16(const struct classic *classic, const guint8 *at)
{
    guint16 value;

    memcpy(&value, at, sizeof value);
    if (classic->is_swapped) {
        value = GUINT16_SWAP_LE_BE(value);
    }
    return value;
}

static bool read_magic(struct classic *classic, const guint8 *header)
{
    static const guint32 MICRO = 0xa1b2c3d4, NANO = 0xa1b23c4d, MODIFIED = 0xa1b2cd34;
    guint32 magic = read_u32(classic, header);

    classic->is_swapped = magic == GUINT32_SWAP_LE_BE(MICRO) || magic == GUINT32_SWAP_LE_BE(NANO) ||
                          magic == GUINT32_SWAP_LE_BE(MODIFIED);
    magic = read_u32(classic, header);
    classic->has_nanoseconds = magic == NANO;
    classic->is_modified = magic == MODIFIED;
    return magic == MICRO || magic == NANO || magic == MODIFIED;
}

/* Before version 2.3 the lengths were the other way round, and in some files that say 2.3. */
static bool read_version(struct classic *classic, const guint8 *header)
{
    enum { MAJOR = 2, FIRST_PLAIN_MINOR = 4, MIXED_MINOR = 3, DG_UX = 543 };
    guint16 major = read_u16(classic, header + AT_MAJOR), minor = read_u16(classic, header + AT_MINOR);

    classic->lengths = LENGTHS_PLAIN;
    if (major == DG_UX || (major == MAJOR && minor < MIXED_MINOR)) {
        classic->lengths = LENGTHS_SWAPPED;
    } else if (major == MAJOR && minor == MIXED_MINOR) {
        classic->lengths = LENGTHS_BY_SIZE;
    }
    return major >= MAJOR;
}

/* AIX writes version 2.2 with link types of its own. */
static bool may_be_aix(const struct classic *classic, const guint8 *header)
{
    enum { ETHERNET = 6, TOKEN_RING = 9, FDDI = 15, LOOPBACK = 24, AIX = 2 };
    guint32 link = read_u32(classic, header + AT_LINK);

    return read_u16(classic, header + AT_MAJOR) == AIX && read_u16(classic, header + AT_MINOR) == AIX &&
           (link == ETHERNET || link == TOKEN_RING || link == FDDI || link == LOOPBACK);
}

/* Frames that have a checksum are Wireshark's. */
static bool read_link(struct classic *classic, const guint8 *header)
{
    static const guint32 RESERVED = 0x03ff0000, HAS_CHECKSUM = 0x04000000, CHECKSUM_LEN = 0xf0000000;
    guint32 field = read_u32(classic, header + AT_LINK);

    classic->link = (int)(field & UINT16_MAX);
    return (field & RESERVED) == 0 && ((field & HAS_CHECKSUM) == 0 || (field & CHECKSUM_LEN) == 0) &&
           !may_be_aix(classic, header) && skypefp_knows_link(classic->link) &&
           !(classic->is_swapped && classic->link == SKYPEFP_LINK_NFLOG); /* numbers in its frames are, too */
}

static struct record read_record(const struct classic *classic, const guint8 *at)
{
    struct record record = {
        .seconds = read_u32(classic, at),
        .fraction = read_u32(classic, at + AT_FRACTION),
        .captured = read_u32(classic, at + AT_CAPTURED),
        .on_wire = read_u32(classic, at + AT_ON_WIRE),
    };

    if (classic->lengths == LENGTHS_SWAPPED ||
        (classic->lengths == LENGTHS_BY_SIZE && record.captured > record.on_wire)) {
        guint32 captured = record.captured;
        record.captured = record.on_wire;
        record.on_wire = captured;
    }
    return record;
}

/* ---- variants with the same magic number and longer records ---- */

static unsigned count_faults(const struct record *record, guint32 snaplen)
{
    enum { LARGEST_CREDIBLE = 128 * 1024 * 1024 };

    return 0u + (record->fraction >= MICROSECONDS) + (record->captured > MAX_FRAME) +
           (record->on_wire > LARGEST_CREDIBLE) + (record->captured > snaplen) + (record->captured > record->on_wire);
}

/* How wrong the first records look when their headers have some length, as Wireshark counts it; 0: not at all. */
static unsigned count_all_faults(const struct classic *classic, struct stream *stream, gsize header_len)
{
    enum { N_TRIED = 3 };
    gsize at = FILE_LEN;

    for (unsigned i = 0; i < N_TRIED; i++) {
        const guint8 *header = stream_peek(stream, at + header_len);
        if (header == NULL) {
            return stream_left(stream) > at ? 1 : 0;
        }
        struct record record = read_record(classic, header + at);
        unsigned n_faults = count_faults(&record, read_u32(classic, header + AT_SNAPLEN));
        at += header_len + record.captured;
        if (n_faults > 0 || stream_peek(stream, at) == NULL) {
            return MAX(n_faults, 1);
        }
    }
    return 0;
}

/* Finds out how long the headers of records are, from the first records, as Wireshark does: the first variant without
 * a fault, or the one with the fewest. False: it is Nokia's, whose frames have a header of their own. */
static bool find_variant(struct classic *classic, struct stream *stream)
{
    enum { LINUX_LEN = RECORD_LEN + 8, NOKIA_LEN = RECORD_LEN + 4, SUSE_LEN = RECORD_LEN + 12 };
    static const gsize plain[] = { RECORD_LEN, LINUX_LEN, NOKIA_LEN, 0 }, modified[] = { LINUX_LEN, SUSE_LEN, 0 };
    unsigned fewest = G_MAXUINT;

    for (const gsize *len = classic->is_modified ? modified : plain; *len != 0 && fewest > 0; len++) {
        unsigned n_faults = count_all_faults(classic, stream, *len);
        classic->header_len = n_faults < fewest ? *len : classic->header_len;
        fewest = MIN(n_faults, fewest);
    }
    return classic->header_len != NOKIA_LEN;
}

bool classic_open(struct classic *classic, struct stream *stream, bool is_live)
{
    const guint8 *header = stream_peek(stream, FILE_LEN);

    *classic = (struct classic){ .link = -1, .header_len = RECORD_LEN };
    if (header == NULL || !read_magic(classic, header) || !read_version(classic, header) ||
        !read_link(classic, header)) {
        return false;
    }
    if (is_live ? classic->is_modified : !classic->has_nanoseconds && !find_variant(classic, stream)) {
        return false;
    }
    stream_take(stream, FILE_LEN);
    return true;
}

/* ---- frames ---- */

static enum frames_event find_end(const struct stream *stream, char **damage)
{
    if (stream_left(stream) == 0) {
        return FRAMES_END;
    }
    *damage = g_strdup("The file appears to have been cut short in the middle of a packet.");
    return FRAMES_DAMAGED;
}

enum frames_event classic_next(const struct classic *classic, struct stream *stream, skypefp_frame *frame,
                               struct frame_time *when, char **damage)
{
    const guint8 *header = stream_peek(stream, classic->header_len);

    if (header == NULL) {
        return find_end(stream, damage);
    }
    struct record record = read_record(classic, header);
    if (record.captured > MAX_FRAME) {
        *damage = g_strdup_printf("The file appears to be damaged or corrupt. (pcap: File has %u-byte packet, bigger "
                                  "than maximum of %d)",
                                  record.captured, (int)MAX_FRAME);
        return FRAMES_DAMAGED;
    }
    gsize len = classic->header_len + record.captured;
    header = stream_peek(stream, len);
    if (header == NULL) {
        return find_end(stream, damage);
    }
    *frame = (skypefp_frame){
        .data = header + classic->header_len, .len = record.captured, .wire_len = record.on_wire, .link = classic->link
    };
    /* Fractions overflow as Wireshark's do. */
    *when = (struct frame_time){ .seconds = record.seconds,
                                 .nanoseconds = (gint32)(record.fraction * (classic->has_nanoseconds ? 1u : 1000u)) };
    stream_take(stream, len);
    return FRAMES_FRAME;
}
