/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the blocks of a pcapng file.
 *
 * A block:
 *   0..3: type   4..7: length, all of it   8..: body   last 4: the length again
 * Fixed parts of the bodies, from the start of the block on; options follow:
 *   section      8..11: byte order   12..15: version   16..23: length
 *   interface    8..9: link type   10..11: reserved   12..15: snapshot length
 *   statistics   8..11: interface   12..19: time
 *   packet       8..11: interface   12..19: time   20..23: captured length   24..27: length on the wire
 *                and the packet, padded to 4 octets */
#include "pcapng_reader.h"

#include "link_type.h"
#include "pcapng_block.h"

#include <string.h>

enum {
    HEADER_LEN = 8,
    TRAILER_LEN = 4,
    MAX_LEN = 16 * 1024 * 1024,
    MAX_INTERFACES = 4096, /* of a section; a file of a few kB can name hundreds of millions */
    SECTION_LEN = 24,
    AT_BYTE_ORDER = 8,
    AT_MAJOR = 12,
    AT_MINOR = 14,
    INTERFACE_LEN = 16,
    STATISTICS_LEN = 20,
    PACKET_LEN = 28,
    AT_BODY = 8,
    AT_TIME = 12,
    AT_CAPTURED = 20,
    AT_ON_WIRE = 24,
};

struct pcapng_reader {
    struct stream *stream;
    bool is_swapped; /* this section */
    guint n_sections;
    GArray *interfaces; /* struct pcapng_interface, of this section */
};

struct pcapng_reader *pcapng_reader_new(struct stream *stream)
{
    struct pcapng_reader *reader = g_new0(struct pcapng_reader, 1);

    reader->stream = stream;
    reader->interfaces = g_array_new(FALSE, FALSE, sizeof(struct pcapng_interface));
    return reader;
}

void pcapng_reader_free(struct pcapng_reader *reader)
{
    g_array_unref(reader->interfaces);
    g_free(reader);
}

/* Which byte order a section has; false: neither. */
static bool read_byte_order(struct pcapng_reader *reader, const guint8 *section)
{
    static const guint32 ORDER = 0x1a2b3c4d;
    guint32 order;

    memcpy(&order, section + AT_BYTE_ORDER, sizeof order);
    reader->is_swapped = order == GUINT32_SWAP_LE_BE(ORDER);
    return reader->is_swapped || order == ORDER;
}

static bool take_section(struct pcapng_reader *reader, const struct pcapng_block *block)
{
    guint16 minor = block->len >= SECTION_LEN ? pcapng_u16(block, AT_MINOR) : 0;

    reader->n_sections++;
    g_array_set_size(reader->interfaces, 0);
    return block->len >= SECTION_LEN && pcapng_u16(block, AT_MAJOR) == 1 && (minor == 0 || minor == 2) &&
           pcapng_has_plain_options(block, SECTION_LEN, NULL);
}

static bool take_interface(struct pcapng_reader *reader, const struct pcapng_block *block)
{
    enum { MICROSECONDS = 1000000 };
    struct pcapng_interface interface = { .units_per_second = MICROSECONDS };

    if (block->len < INTERFACE_LEN || reader->interfaces->len == MAX_INTERFACES ||
        !pcapng_has_plain_options(block, INTERFACE_LEN, &interface)) {
        return false;
    }
    interface.link = pcapng_u16(block, AT_BODY);
    if (reader->n_sections > 1) {
        interface.name[0] = '\0'; /* Wireshark 4.0 numbers interfaces regardless of sections */
    }
    g_array_append_val(reader->interfaces, interface);
    return true;
}

/* A block without a frame. False: only Wireshark knows. */
static bool take_block(struct pcapng_reader *reader, const struct pcapng_block *block)
{
    static const guint32 LOCAL_USE = 0x80000000u;

    switch (block->type) {
    case PCAPNG_SECTION:
        return take_section(reader, block);
    case PCAPNG_INTERFACE:
        return take_interface(reader, block);
    case PCAPNG_NAMES:
        return pcapng_has_plain_names(block);
    case PCAPNG_STATISTICS:
        return block->len >= STATISTICS_LEN && pcapng_has_plain_options(block, STATISTICS_LEN, NULL);
    case PCAPNG_SECRETS:
        return true; /* nothing in it is looked at */
    default:
        return block->type >= LOCAL_USE;
    }
}

/* The interface of a packet whose fixed part is there; NULL: only Wireshark knows. */
static const struct pcapng_interface *find_interface(const struct pcapng_reader *reader,
                                                     const struct pcapng_block *block)
{
    guint32 id = pcapng_u32(block, AT_BODY), captured = pcapng_u32(block, AT_CAPTURED);

    if (id >= reader->interfaces->len || captured > MAX_FRAME || PACKET_LEN + (captured + 3) / 4 * 4 > block->len) {
        return NULL;
    }
    const struct pcapng_interface *interface = &g_array_index(reader->interfaces, struct pcapng_interface, id);
    bool is_swapped_log = block->is_swapped && interface->link == SKYPEFP_LINK_NFLOG;
    return skypefp_knows_link(interface->link) && !is_swapped_log ? interface : NULL;
}

static struct frame_time read_time(const struct pcapng_block *block, const struct pcapng_interface *interface)
{
    static const guint64 NANOSECONDS = 1000000000u;
    guint64 time = (guint64)pcapng_u32(block, AT_TIME) << 32 | pcapng_u32(block, AT_TIME + 4);
    guint64 units = interface->units_per_second;

    return (struct frame_time){ .seconds = (gint64)(time / units + (guint64)interface->offset),
                                .nanoseconds = (gint32)(time % units * NANOSECONDS / units),
                                .interface = interface->name };
}

static enum frames_event take_packet(const struct pcapng_reader *reader, const struct pcapng_block *block,
                                     skypefp_frame *frame, struct frame_time *when)
{
    const struct pcapng_interface *interface = block->len >= PACKET_LEN ? find_interface(reader, block) : NULL;

    if (interface == NULL) {
        return FRAMES_NOT_SURE;
    }
    *frame = (skypefp_frame){ .data = block->octets + PACKET_LEN,
                              .len = pcapng_u32(block, AT_CAPTURED),
                              .wire_len = pcapng_u32(block, AT_ON_WIRE),
                              .link = interface->link };
    *when = read_time(block, interface);
    return pcapng_has_plain_options(block, PACKET_LEN + (frame->len + 3) / 4 * 4, NULL) ? FRAMES_FRAME
                                                                                        : FRAMES_NOT_SURE;
}

/* The file ends in a block. Wireshark says what it says of classic captures if that is a packet without other
 * faults. */
static enum frames_event find_damage(const struct pcapng_reader *reader, struct pcapng_block *block, char **damage)
{
    gsize left = stream_left(reader->stream);

    block->octets = stream_peek(reader->stream, left);
    if (block->type != PCAPNG_PACKET || left < PACKET_LEN || find_interface(reader, block) == NULL) {
        return FRAMES_NOT_SURE;
    }
    *damage = g_strdup("The file appears to have been cut short in the middle of a packet.");
    return FRAMES_DAMAGED;
}

/* The next block, without its trailer. FRAMES_FRAME: it is there. */
static enum frames_event read_block(struct pcapng_reader *reader, struct pcapng_block *block, char **damage)
{
    const guint8 *octets = stream_peek(reader->stream, HEADER_LEN);

    if (octets == NULL) {
        return stream_left(reader->stream) == 0 && reader->n_sections > 0 ? FRAMES_END : FRAMES_NOT_SURE;
    }
    *block = (struct pcapng_block){ .octets = octets, .is_swapped = reader->is_swapped };
    block->type = pcapng_u32(block, 0);
    if (block->type == PCAPNG_SECTION) {
        octets = stream_peek(reader->stream, SECTION_LEN);
        if (octets == NULL || !read_byte_order(reader, octets)) {
            return FRAMES_NOT_SURE;
        }
        block->octets = octets;
        block->is_swapped = reader->is_swapped;
    }
    guint32 len = pcapng_u32(block, 4);
    if (len < HEADER_LEN + TRAILER_LEN || len % 4 != 0 || len > MAX_LEN) {
        return FRAMES_NOT_SURE;
    }
    block->len = len - TRAILER_LEN;
    block->octets = stream_peek(reader->stream, len);
    if (block->octets == NULL) {
        return find_damage(reader, block, damage);
    }
    stream_take(reader->stream, len);
    return pcapng_u32(block, block->len) == len ? FRAMES_FRAME : FRAMES_NOT_SURE;
}

enum frames_event pcapng_reader_next(struct pcapng_reader *reader, skypefp_frame *frame, struct frame_time *when,
                                     char **damage)
{
    struct pcapng_block block;
    enum frames_event event;

    while ((event = read_block(reader, &block, damage)) == FRAMES_FRAME) {
        if (block.type == PCAPNG_PACKET) {
            return take_packet(reader, &block, frame, when);
        }
        if (!take_block(reader, &block)) {
            return FRAMES_NOT_SURE;
        }
    }
    return event;
}
