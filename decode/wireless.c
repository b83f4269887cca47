/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IEEE 802.11 with and without radiotap: data frames that carry LLC in the clear. */
#include "wireless.h"

/* radiotap.org:
 *   0: version 0   1: pad   2..3: length of the header, little endian
 *   4..7: which fields are present, little endian; bit 31: another such word follows
 *   and the fields, of which bit 0 stands for 8 octets and bit 1 for one of flags */
enum step skypefp_walk_radiotap(struct walk *walk, struct layer layer)
{
    enum {
        HEADER_LEN = 8,
        AT_LENGTH = 2,
        AT_PRESENT = 4,
        TIME = 1,
        FLAGS = 2,
        TIME_LEN = 8,
        PADDED = 0x20,
        BAD_CHECKSUM = 0x40
    };
    static const uint32_t MORE = 0x80000000u;

    if (layer.len < HEADER_LEN || layer.data[0] != 0) {
        return NOT_SURE;
    }
    uint32_t header_len = layer.data[AT_LENGTH] | (uint32_t)layer.data[AT_LENGTH + 1] << 8;
    uint32_t at = AT_PRESENT, present = GUINT32_SWAP_LE_BE(read_be32(layer.data + AT_PRESENT)), word = present;
    if (header_len < HEADER_LEN || layer.len < header_len) {
        return NOT_SURE;
    }
    for (at += 4; (word & MORE) != 0; at += 4) {
        if (at + 4 > header_len) {
            return NOT_SURE;
        }
        word = GUINT32_SWAP_LE_BE(read_be32(layer.data + at));
    }
    if ((present & TIME) != 0) {
        at = (at + TIME_LEN - 1) / TIME_LEN * TIME_LEN + TIME_LEN;
    }
    if ((present & FLAGS) != 0 && (at >= header_len || (layer.data[at] & (PADDED | BAD_CHECKSUM)) != 0)) {
        return NOT_SURE;
    }
    return go(walk, TO_WIRELESS, layer_after(layer, header_len));
}

/* What a data frame carries: LLC with SNAP, or something that Wireshark guesses at. */
static enum step walk_body(struct walk *walk, struct layer layer)
{
    enum { SNAP_LLC = 0xaaaa, SPANNING_TREE_LLC = 0x4242, MIN_LEN = 8 };

    if (layer.wire_len == 0) {
        return NO_IP;
    }
    if (layer.len < MIN_LEN || (read_be16(layer.data) != SNAP_LLC && read_be16(layer.data) != SPANNING_TREE_LLC)) {
        return NOT_SURE;
    }
    return go(walk, TO_LLC, layer);
}

/* IEEE 802.11:
 *   0: subtype (4 bits), type (2), version (2)
 *   1: order, protected, more data, power, retry, more fragments, from and to the distribution system (a bit each)
 *   2..3: duration   4..21: three addresses   22..23: sequence (12 bits), fragment (4)
 *   between distribution systems: 24..29: a fourth address
 *   with quality of service: 2 octets of it, bit 7 of the first for several frames in one
 *   and 4 octets more with order */
enum step skypefp_walk_wireless(struct walk *walk, struct layer layer)
{
    enum {
        HEADER_LEN = 24,
        ADDRESS_LEN = 6,
        QUALITY_LEN = 2,
        VERSION_MASK = 3,
        TYPE_SHIFT = 2,
        TYPE_MASK = 3,
        DATA_TYPE = 2,
        EXTENSION_TYPE = 3,
        NO_DATA = 0x40,
        WITH_QUALITY = 0x80,
        BETWEEN = 3,
        MORE_FRAGMENTS = 4,
        IS_PROTECTED = 0x40,
        ORDER = 0x80,
        AGGREGATE = 0x80,
        AT_FRAGMENT = 22,
        FRAGMENT_MASK = 0x0f
    };

    if (layer.len < 2) {
        return NO_IP;
    }
    uint8_t control = layer.data[0], flags = layer.data[1], type = control >> TYPE_SHIFT & TYPE_MASK;
    if ((control & VERSION_MASK) != 0 || type == EXTENSION_TYPE) {
        return NOT_SURE;
    }
    if (type != DATA_TYPE || (control & NO_DATA) != 0 || (flags & IS_PROTECTED) != 0) {
        return NO_IP;
    }
    uint32_t header_len = HEADER_LEN + ((flags & BETWEEN) == BETWEEN ? ADDRESS_LEN : 0u);
    uint32_t quality_at = header_len;
    if ((control & WITH_QUALITY) != 0) {
        header_len += QUALITY_LEN;
    }
    if (layer.len < header_len) {
        return NO_IP;
    }
    bool is_aggregate = (control & WITH_QUALITY) != 0 && (layer.data[quality_at] & AGGREGATE) != 0;
    bool is_part = (flags & MORE_FRAGMENTS) != 0 || (layer.data[AT_FRAGMENT] & FRAGMENT_MASK) != 0;
    if (is_aggregate || is_part || (flags & ORDER) != 0) {
        return NOT_SURE;
    }
    layer = layer_after(layer, header_len);
    layer.is_open = false; /* a checksum may follow */
    return walk_body(walk, layer);
}
