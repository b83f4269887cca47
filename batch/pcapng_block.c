/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads numbers, options and names in a block of pcapng. */
#include "pcapng_block.h"

#include <string.h>

guint16 pcapng_u16(const struct pcapng_block *block, guint32 at)
{
    guint16 value;

    memcpy(&value, block->octets + at, sizeof value);
    if (block->is_swapped) {
        value = GUINT16_SWAP_LE_BE(value);
    }
    return value;
}

guint32 pcapng_u32(const struct pcapng_block *block, guint32 at)
{
    guint32 value;

    memcpy(&value, block->octets + at, sizeof value);
    return block->is_swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

guint64 pcapng_u64(const struct pcapng_block *block, guint32 at)
{
    guint64 value;

    memcpy(&value, block->octets + at, sizeof value);
    return block->is_swapped ? GUINT64_SWAP_LE_BE(value) : value;
}

/* Options of an interface; of one that is there twice, Wireshark takes the first. */
struct seen {
    bool resolution, offset;
    guint16 name; /* the option that names it so far; 0: none */
};

enum {
    OPTION_NAME = 2,
    OPTION_DESCRIPTION = 3,
    OPTION_HARDWARE = 15,
    OPTION_MAC = 6,
    OPTION_RESOLUTION = 9,
    OPTION_FILTER = 11,
    OPTION_CHECKSUM = 13,
    OPTION_OFFSET = 14
};

/* Units of time in a second: 10 or, with the first bit, 2 to the power of the other bits. */
static guint64 units_of(guint8 resolution)
{
    enum { BINARY = 0x80, MAX_BINARY = 63, MAX_DECIMAL = 19 };
    guint8 exponent = resolution & 0x7f;
    guint64 units = 1;

    if (exponent > ((resolution & BINARY) != 0 ? MAX_BINARY : MAX_DECIMAL)) {
        return G_MAXUINT64;
    }
    for (unsigned i = 0; i < exponent; i++) {
        units *= (resolution & BINARY) != 0 ? 2 : 10;
    }
    return units;
}

/* Names it by the best of its options. False: the name is too long. */
static bool take_name(struct pcapng_interface *interface, struct seen *seen, const struct pcapng_block *block,
                      guint16 code, guint32 at, guint16 len)
{
    if (seen->name != 0 && seen->name <= code) { /* the codes are in the order of preference */
        return true;
    }
    seen->name = code;
    memset(interface->name, 0, sizeof interface->name);
    memcpy(interface->name, block->octets + at, MIN(len, sizeof interface->name - 1));
    return len < sizeof interface->name;
}

static bool take_interface_option(struct pcapng_interface *interface, struct seen *seen,
                                  const struct pcapng_block *block, guint16 code, guint32 at, guint16 len)
{
    if (code == OPTION_RESOLUTION && len == 1 && !seen->resolution) {
        interface->units_per_second = units_of(block->octets[at]);
        seen->resolution = true;
    } else if (code == OPTION_OFFSET && len == sizeof(guint64) && !seen->offset) {
        interface->offset = (gint64)pcapng_u64(block, at);
        seen->offset = true;
    } else if (code == OPTION_NAME || code == OPTION_DESCRIPTION || code == OPTION_HARDWARE) {
        return take_name(interface, seen, block, code, at, len);
    }
    return code != OPTION_CHECKSUM && (code != OPTION_FILTER || len >= 1);
}

/* Of a packet: flags with the length of a checksum in them change the frame. */
static bool is_plain_packet_option(const struct pcapng_block *block, guint16 code, guint32 at, guint16 len)
{
    enum { FLAGS = 2, HASH = 3, DROPPED = 4, ID = 5, QUEUE = 6, VERDICT = 7, CHECKSUM_MASK = 0x1e0 };

    switch (code) {
    case FLAGS:
        return len == 4 && (pcapng_u32(block, at) & CHECKSUM_MASK) == 0;
    case DROPPED:
    case ID:
        return len == 8;
    case QUEUE:
        return len == 4;
    case VERDICT:
        return false;
    default:
        return true;
    }
}

/* Those of Netflix and of other organizations have a layout of their own. */
static bool is_custom(guint16 code)
{
    return code == 2988 || code == 2989 || code == 19372 || code == 19373;
}

/* Options:
 *   0..1: code, 0 ends them   2..3: length   4..: value, padded to 4 octets */
bool pcapng_has_plain_options(const struct pcapng_block *block, guint32 at, struct pcapng_interface *interface)
{
    enum { END = 0, COMMENT = 1, HEADER_LEN = 4 };
    struct seen seen = { .resolution = false };

    while (at < block->len) {
        if (block->len - at < HEADER_LEN) {
            return false;
        }
        guint16 code = pcapng_u16(block, at), len = pcapng_u16(block, at + 2);
        guint32 padded_len = (len + 3u) / 4 * 4;
        at += HEADER_LEN;
        if (padded_len > block->len - at || is_custom(code)) {
            return false;
        }
        if (code == END) {
            return true;
        }
        bool is_plain = code == COMMENT                ? true
                        : interface != NULL            ? take_interface_option(interface, &seen, block, code, at, len)
                        : block->type == PCAPNG_PACKET ? is_plain_packet_option(block, code, at, len)
                                                       : true;
        if (!is_plain) {
            return false;
        }
        at += padded_len;
    }
    return true;
}

/* Names, from 8 on:
 *   0..1: type, 0 ends them, 1: IPv4, 2: IPv6   2..3: length
 *   4..: an address, and names that each end with 0, padded to 4 octets
 * Options follow. */
bool pcapng_has_plain_names(const struct pcapng_block *block)
{
    enum { FIRST = 8, HEADER_LEN = 4, END = 0, IPV4 = 1, IPV6 = 2, IPV4_LEN = 4, IPV6_LEN = 16 };
    guint32 at = FIRST;

    while (at < block->len) {
        if (block->len - at < HEADER_LEN) {
            return false;
        }
        guint16 type = pcapng_u16(block, at), len = pcapng_u16(block, at + 2);
        guint32 padded_len = (len + 3u) / 4 * 4, address_len = type == IPV4 ? IPV4_LEN : IPV6_LEN;
        at += HEADER_LEN;
        if (padded_len > block->len - at) {
            return false;
        }
        if (type == END) {
            return pcapng_has_plain_options(block, at, NULL);
        }
        bool is_plain = (type == IPV4 || type == IPV6) && len > address_len && block->octets[at + len - 1] == 0;
        if (!is_plain) {
            return false;
        }
        at += padded_len;
    }
    return true;
}
